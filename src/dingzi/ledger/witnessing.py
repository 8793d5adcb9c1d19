"""``dingzi witness``: another institution looks whether a log only ever grows, and cosigns it.

Needs no database and no Django, only the log's address (or folder) and its public key, which the
witness has from elsewhere. What it saw last is kept in its own folder; a head that does not follow
from it is refused and both heads are kept as evidence.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from dingzi.core import keyfiles
from dingzi.core.filelock import FileLock
from dingzi.tlog import checkpoints, files, notes, tiles, trees, words
from dingzi.tlog.errors import LogError, TlogError
from dingzi.tlog.hashing import SHA256, SIZE
from dingzi.tlog.witness import Cosigned, Refused, Request, consider

MOST_BYTES = 32_000_000
TIMEOUT = 20  # seconds
Read = Callable[[str], bytes | None]


def source(where: str) -> Read:
    """Return a reader of a log's files by their paths, from a folder or an address."""
    if not where.startswith(("http://", "https://")):
        folder = Path(where)
        return lambda path: files.read(folder / path)
    base = where.rstrip("/") + ("" if where.rstrip("/").endswith("/log") else "/log") + "/"

    def fetch(path: str) -> bytes | None:
        try:
            with urllib.request.urlopen(base + path, timeout=TIMEOUT) as answer:  # noqa: S310
                return bytes(answer.read(MOST_BYTES))
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 404:
                return None
            raise
        except (http.client.HTTPException, ValueError) as error:  # no address, or no HTTP there
            raise LogError("unreadable", path=base + path, why=str(error) or repr(error)) from error

    return fetch


def nodes(read: Read, size: int) -> trees.Reader:
    """Return a reader of the nodes of a tree of ``size`` from its tiles; LogError for a missing one."""
    kept: dict[str, list[list[bytes]]] = {}

    def node(height: int, index: int) -> bytes:
        level, row = divmod(height, tiles.HEIGHT)
        tile, at = divmod(index << row, tiles.WIDTH)
        width = min(tiles.WIDTH, (size >> tiles.HEIGHT * level) - tile * tiles.WIDTH)
        path = tiles.path(level, tile, width)
        if path not in kept:
            data = read(path) or (read(tiles.path(level, tile)) or b"")[: width * SIZE]
            if len(data) != width * SIZE:
                raise LogError("missing", path=path)
            hashes = [data[i : i + SIZE] for i in range(0, len(data), SIZE)]
            rows = [hashes]
            while len(rows[-1]) > 1:
                pairs = zip(rows[-1][::2], rows[-1][1::2], strict=False)
                rows.append([SHA256.node(left, right) for left, right in pairs])
            kept[path] = rows
        return kept[path][row][at >> row]

    return node


class Witness:
    """A witness of one log; ``home`` holds its key, what it saw, its cosignature and evidence."""

    def __init__(self, home: Path, log: notes.Verifier, name: str) -> None:
        self.log = log
        self.home = home
        self.signer = _signer(home / "witness.key", name)
        self.folder = home / hashlib.sha256(log.name.encode()).hexdigest()[:16]
        self.evidence = self.folder / "evidence"
        self.evidence.mkdir(parents=True, exist_ok=True)

    @property
    def seen(self) -> bytes | None:
        path = self.folder / "seen"
        return path.read_bytes() if path.exists() else None

    def look(self, read: Read, at: int) -> Cosigned | Refused:
        """Look at the log once: cosign its head, or refuse and keep why.

        What it saw is on disk before anybody has its cosignature, and of two looks at one time
        only one is made: otherwise it could cosign two histories. Raises LogError (``log_busy`` while another
        looks), OSError.
        """
        lock = FileLock(self.folder / "lock")
        if not lock.take():
            raise LogError("log_busy", path=files.shown_path(self.folder))
        try:
            return self._look(read, at)
        finally:
            lock.release()

    def _look(self, read: Read, at: int) -> Cosigned | Refused:
        head = read("checkpoint")
        if head is None:
            raise LogError("missing", path="checkpoint")
        last = checkpoints.parse_note(self.seen) if self.seen else None
        old = last.size if last else 0
        proof: list[bytes] = []
        missing: Exception | None = None
        try:
            size = checkpoints.parse_note(head).size
            proof = trees.consistency(old, size, nodes(read, size), SHA256) if old < size else []
        except (LogError, OSError) as error:  # a tile that is not there proves nothing
            missing = error
        except TlogError:
            pass
        found = consider(
            Request(old, tuple(proof), head), self.seen, self.log, self.signer, at
        )  # fmt: skip
        if missing and isinstance(found, Refused) and found.reason[0].endswith("bad_proof"):
            said = f"没有副署，再试 | not cosigned, tried again: {missing}"
            _write(self.folder / "status.html", self._page(said, at).encode())
            raise missing
        if isinstance(found, Cosigned):
            _write(self.folder / "seen", found.note)
        elif found.evidence:
            name = hashlib.sha256(head).hexdigest()[:16]
            _write(self.evidence / f"{found.evidence.code}-{name}.json", found.evidence.encode())
        _write(self.folder / "status.html", self._page(told(found), at).encode())
        return found

    def _page(self, said: str, at: int) -> str:
        when = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        kept = sorted(path.name for path in self.evidence.glob("*.json"))
        listed = "".join(f'<li><a href="evidence/{escape(n)}">{escape(n)}</a></li>' for n in kept)
        return (
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>见证 · Witness</title>'
            f"<h1>{escape(self.log.name)}</h1><p>{when}</p><p>{escape(said)}</p>"
            f"<h2>证据 · Evidence</h2><ul>{listed or '<li>–</li>'}</ul>"
            f"<p><code>{escape(self.signer.verifier.vkey)}</code></p></html>"
        )


def told(found: Cosigned | Refused) -> str:
    """Say what a look came to, in both languages."""
    if isinstance(found, Refused):
        return words.both(found.reason)
    size = found.checkpoint.size
    return f"第 {size:,} 号总印接得上，已副署 | head no. {size:,} follows from the last; cosigned"


def send(where: str, note: bytes) -> bool:
    """Send a cosigned head to the site; False where it does not take it (an unnamed witness)."""
    base = where.rstrip("/").removesuffix("/log")
    request = urllib.request.Request(  # noqa: S310
        base + "/log/cosignature", note, {"Content-Type": "text/plain"}
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT):  # noqa: S310
            return True
    except (OSError, http.client.HTTPException):
        return False


def _signer(path: Path, name: str) -> notes.Signer:
    def make() -> bytes:
        return (notes.Signer.generate(name, notes.COSIGNATURE).skey + "\n").encode()

    return notes.Signer.parse(keyfiles.keep(path, make).decode("utf-8", "replace").strip())


def _write(path: Path, data: bytes) -> None:
    files.write(path, data, sync=True)
    files.sync_one(path.parent)


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1
    if not 0 <= found <= 31_000_000:
        raise argparse.ArgumentTypeError(f"{text}: 要写秒数 | a number of seconds")
    return found


def main(argv: list[str]) -> int:
    """Exit status 0: it follows, cosigned; 1: refused; 2: it could not be looked at."""
    parser = argparse.ArgumentParser(
        prog="dingzi witness",
        description="见证一个公开日志：只增不改才副署 | witness a public log: cosign while it only grows",
    )
    parser.add_argument(
        "source", metavar="URL|FOLDER", help="网站地址或日志文件夹 | site or folder"
    )
    parser.add_argument(
        "--key", required=True, help="日志的公钥(VKEY)，从别处得来 | the log's public key"
    )
    parser.add_argument("--home", default="witness", type=Path, help="自己的文件夹 | own folder")
    parser.add_argument(
        "--name", default="", help="自己的名字，第一次用 | own name, at the first run"
    )
    parser.add_argument(
        "--every", type=_seconds, default=0, help="每隔几秒看一次 | look every SECONDS"
    )
    options = parser.parse_args(argv)
    try:
        log = notes.Verifier.parse(options.key)
        witness = Witness(options.home, log, options.name or f"witness-{int(time.time())}")
    except (TlogError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    while True:
        status = _once(witness, options.source)
        if not options.every:
            return status
        time.sleep(options.every)


def _once(witness: Witness, where: str) -> int:
    try:
        found = witness.look(source(where), int(time.time()))
    except (TlogError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    print(told(found), flush=True)  # noqa: T201
    if isinstance(found, Refused):
        return 1
    if where.startswith("http") and not send(where, found.note):
        line = "网站没有收下副署：请市里登记本见证方 | the site did not take it: have the city name"
        print(f"{line} {witness.signer.verifier.vkey}", file=sys.stderr)  # noqa: T201
    return 0
