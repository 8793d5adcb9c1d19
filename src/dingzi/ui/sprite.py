"""Make ``static/vendor/icons.svg`` from an unpacked ``@tabler/icons`` package.

    npm pack @tabler/icons && tar xzf tabler-icons-*.tgz
    python -m dingzi.ui.sprite package

Add a name to NAMES, run it again, and put the new sha256 into ``static/vendor/VENDOR.md``.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

NAMES = """
adjustments alert-triangle archive arrow-left arrow-right bell briefcase building calendar camera
chart-line check chevron-down chevron-left chevron-right chevron-up circle-check clock copy download
external-link eye file file-spreadsheet file-text filter flag history home inbox info-circle link
list lock login logout map map-pin menu-2 message microphone minus paperclip pencil phone photo plus
printer qrcode refresh scale search send settings star switch-horizontal table trash upload user
users x
"""
ICONS = frozenset(NAMES.split())

SPRITE = Path(__file__).parent / "static" / "vendor" / "icons.svg"


def sprite(package: Path) -> str:
    """Return one SVG with a symbol for each icon, drawn with the strokes of the user's style."""
    symbols = []
    for name in NAMES.split():
        source = (package / "icons" / "outline" / f"{name}.svg").read_text("utf-8")
        paths = re.findall(r'<path d="([^"]+)" />', source)
        drawn = "".join(f'<path d="{path}"/>' for path in paths)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawn}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    SPRITE.write_text(sprite(Path(sys.argv[1])), "utf-8")
