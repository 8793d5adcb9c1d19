"""``make release-processes``: record each process file that is not on record yet.

A file that is on record and differs is refused: a released process never changes.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "tests" / "house" / "released.json"


def main() -> int:
    released: dict[str, str] = json.loads(RECORD.read_text())
    status = 0
    for path in sorted((ROOT / "src").glob("**/processes/*.yaml")):
        name = str(path.relative_to(ROOT))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if released.setdefault(name, digest) != digest:
            print(
                f"{name}: 已发布，不能改；写成下一版 | released: write the next version",
                file=sys.stderr,
            )
            status = 1
    RECORD.write_text(json.dumps(released, indent=2, sort_keys=True) + "\n")
    return status


if __name__ == "__main__":
    raise SystemExit(main())
