"""``make messages``: collect every app's Chinese texts into its English catalogue and compile it.

Each app keeps its own ``locale/en/LC_MESSAGES/django.po``. Texts without English stay empty and
are named here; a house test refuses them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.house import catalogues  # noqa: E402


def main() -> int:
    if not shutil.which("xgettext"):
        print("缺 gettext | gettext is missing: apt-get install gettext", file=sys.stderr)
        return 1
    env = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    admin = Path(sys.executable).with_name("django-admin")
    for app in catalogues.apps_with_texts():
        book = app / "locale" / "en" / "LC_MESSAGES" / "django.po"
        book.parent.mkdir(parents=True, exist_ok=True)
        flags = ["--no-obsolete", "--no-location", "--no-wrap", "--verbosity", "0"]
        command = [admin, "makemessages", "--locale", "en", *flags]
        subprocess.run(command, cwd=app, env=env, check=True)
        # the date of the collection would change every book every time
        text = re.sub(r'"(POT-Creation|PO-Revision)-Date:.*\n', "", book.read_text("utf-8"))
        book.write_text(text, "utf-8")
        subprocess.run(
            ["msgfmt", "--check-format", "-o", book.with_suffix(".mo"), book], check=True
        )
    lacking = catalogues.unfinished()
    print("\n".join(lacking) or "译文齐全 | every text has English")
    return 1 if lacking else 0


if __name__ == "__main__":
    raise SystemExit(main())
