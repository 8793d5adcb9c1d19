"""``dingzi bundle``: everything a machine without network needs, in one archive.

Holds the wheels of ``requirements/run.lock`` for this machine's kind and Python, the source, the
deployment files, ``install.sh`` and SHA256SUMS. No Django here.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
#: What goes along besides src/: files and folders of the tree.
PARTS = ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "deploy", "docs")
LOCK = "requirements/run.lock"
IGNORED = {"__pycache__", ".DS_Store"}


def sources() -> Iterator[Path]:
    """Yield every file of the source and of PARTS that is there."""
    for part in ("src/dingzi", *PARTS, LOCK):
        top = ROOT / part
        found = sorted(top.rglob("*")) if top.is_dir() else [top]
        for path in found:
            if path.is_file() and not IGNORED & set(path.parts) and path.suffix != ".pyc":
                yield path


def wanted() -> list[str]:
    """Return ``name==version`` of every package of the lock that this system needs."""
    lock = (ROOT / LOCK).read_text()
    rows = re.findall(r"^([\w.-]+==[\w.+!-]+)( ; [^\\\n]+)?", lock, re.M)
    others = ("win32", "!= 'CPython'", "== 'PyPy'", "== 'pypy'")
    return [pin for pin, marker in rows if not any(other in marker for other in others)]


def download(folder: Path) -> None:
    """Fetch the wheels, each checked against the lock's hashes."""
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-qq",
            "--require-hashes",
            "--no-deps",
            "--only-binary",
            ":all:",
            "--dest",
            str(folder),
            "-r",
            str(ROOT / LOCK),
        ],
        check=True,
    )


def pack(out: Path, *, wheels: bool = True) -> Path:
    """Write the archive into folder ``out`` and return its path."""
    version = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(), re.M)
    name = f"dingzi-{version[1] if version else '0'}-offline"
    out.mkdir(parents=True, exist_ok=True)
    archive = out / f"{name}.tar.gz"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if wheels:
            download(folder)
        members = {str(path.relative_to(ROOT)): path for path in sources()}
        members |= {f"wheels/{path.name}": path for path in sorted(folder.glob("*.whl"))}
        members["install.sh"] = ROOT / "deploy" / "install.sh"
        sums = "".join(f"{_digest(path)}  {member}\n" for member, path in members.items())
        (folder / "SHA256SUMS").write_text(sums)
        members["SHA256SUMS"] = folder / "SHA256SUMS"
        with tarfile.open(archive, "w:gz", compresslevel=6) as tar:
            for member, path in members.items():
                tar.add(path, f"{name}/{member}", filter=_plain)
    return archive


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave this machine's users and modes out of the archive."""
    info.uid = info.gid = 0
    info.uname = info.gname = "root"
    info.mode = 0o755 if info.mode & 0o100 else 0o644
    return info


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="dingzi bundle", description="打离线安装包 | pack an offline installation"
    )
    parser.add_argument(
        "--out", type=Path, default=ROOT / "dist", help="放在哪里 | folder to put it in"
    )
    parser.add_argument(
        "--list", action="store_true", help="只列出内容，不下载 | only list what goes in"
    )
    args = parser.parse_args(argv)
    if args.list:
        print("\n".join([*wanted(), *(str(path.relative_to(ROOT)) for path in sources())]))
        return 0
    begin = datetime.now(UTC)
    try:
        archive = pack(args.out)
    except subprocess.CalledProcessError:
        print(
            "下载失败：打包的机器要能上网 | download failed: packing needs a network",
            file=sys.stderr,
        )
        return 1
    seconds = (datetime.now(UTC) - begin).total_seconds()
    print(f"{archive} ({archive.stat().st_size >> 20} MiB, {seconds:.0f} s)")
    return 0
