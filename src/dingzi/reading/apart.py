"""The text of a file that a stranger sent: taken out in a process of its own, within limits.

A package that unpacks to gigabytes or a PDF that never ends costs that process, not the site.
"""

from __future__ import annotations

import json
import subprocess
import sys

from .documents import text_of
from .errors import Unreadable

SECONDS = 15
MEMORY = 1 << 30  # bytes


def text_apart(content: bytes, name: str, *, seconds: int = SECONDS, memory: int = MEMORY) -> str:
    """Return the text that bytes hold. Raises Unreadable, also where the limits are reached."""
    name = name.replace("\0", "")
    command = [sys.executable, "-I", "-m", __name__, name, str(seconds), str(memory)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, input=content, capture_output=True, timeout=seconds + 5, check=False
        )
    except subprocess.TimeoutExpired as slow:
        raise Unreadable(("text_slow", {"file": name, "seconds": seconds})) from slow
    if done.returncode:
        raise Unreadable(("text_slow", {"file": name, "seconds": seconds}))
    told = json.loads(done.stdout)
    if "text" in told:
        return str(told["text"])
    code, params = told["reason"]
    raise Unreadable((code, params))


def main(name: str, seconds: int, memory: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        told: dict[str, object] = {"text": text_of(sys.stdin.buffer.read(), name)}
    except Unreadable as error:
        told = {"reason": error.reason}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
