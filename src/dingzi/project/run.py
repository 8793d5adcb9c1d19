"""``dingzi run``: starts the web server and the steward, and starts again whichever dies.

No Django here: the process that watches must be small and must not fall with what it watches.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .config import Config, ConfigError, load

GRACE = 25.0  # seconds a process has to finish what it is doing
SETTLED = 10.0  # seconds after which a start counts as one that worked
LONGEST_WAIT = 30.0  # seconds between two starts of what dies at once
FIRST_TRIES = 3  # deaths in a row at the very first start after which we give up
PYTHON = sys.executable
#: Asks our own site: never by way of a proxy that the environment names.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class Child:
    """One process that we keep alive, in a process group of its own."""

    name: str
    argv: list[str]
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0  # in a row
    due: float = 0.0  # not to be started before
    worked: bool = False

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.argv, env=self.env, start_new_session=True, preexec_fn=_die_with_us
        )
        self.started = time.monotonic()

    def look(self) -> bool:
        """Start it again where it has died; False when it never worked and will not."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return True
        code = self.process.poll()
        if code is None:
            if now - self.started > SETTLED:
                self.worked, self.deaths = True, 0
            return True
        self.kill()  # what it left behind still holds the port
        self.process = None
        if code != -signal.SIGKILL:  # killed from outside: no fault of its own
            self.deaths += 1
        wait = min(LONGEST_WAIT, 0.5 * 2 ** max(0, self.deaths - 1))
        self.due = now + wait
        if not self.worked and self.deaths >= FIRST_TRIES:
            say(f"{self.name} 起不来，请看上面的报错", f"{self.name} does not start: see above")
            return False
        say(
            f"{self.name} 停了（退出码 {code}），{wait:g}秒后重新启动",
            f"{self.name} stopped (exit code {code}), starting again in {wait:g} s",
        )
        return True

    def terminate(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return


def _die_with_us() -> None:
    """Ask Linux to stop the child when we are killed (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def say(zh: str, en: str) -> None:
    print(f"{zh}\n  {en}", file=sys.stderr, flush=True)


class Supervisor:
    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self.stopping = False

    def on_signal(self, number: int, frame: object) -> None:
        if self.stopping:  # asked twice: at once
            for child in self.children:
                child.kill()
        self.stopping = True

    def run(self, ready: Readiness | None = None) -> int:
        """Keep the children alive until a signal comes; return the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.on_signal)
        status = 0
        while not self.stopping:
            if not all(child.look() for child in self.children) or (ready and not ready.check()):
                status, self.stopping = 1, True
            else:
                time.sleep(0.2)
        for child in self.children:
            child.terminate()
        end = time.monotonic() + GRACE
        while time.monotonic() < end and any(
            child.process and child.process.poll() is None for child in self.children
        ):
            time.sleep(0.05)
        for child in self.children:
            child.kill()
        return status


@dataclass
class Readiness:
    """Watches /healthz until the site answers, then prints where it is."""

    port: int
    addresses: list[tuple[str, str, str]]  # zh, en, address
    done: bool = False

    def check(self) -> bool:
        """Return False where the site can never become ready."""
        if self.done:
            return True
        try:
            with DIRECT.open(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                pass
        except urllib.error.HTTPError as error:
            told = json.loads(error.read() or b"{}") if error.code == 503 else {}
            if told.get("migrations") == "pending":
                say("数据库表还没有升级：先运行 dingzi migrate", "run dingzi migrate first")
                return False
            return True
        except OSError:
            return True
        self.done = True
        for zh, en, address in self.addresses:
            print(f"{zh} {en}: {address}", flush=True)
        return True


def lan_address() -> str:
    """Return this machine's address in its own network, "" without one; sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a documentation address: the route is looked up only
        except OSError:
            return ""
        address = str(probe.getsockname()[0])
    return "" if address.startswith("127.") else address


def port_is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def static_digest() -> str:
    """Return what changes when a style, script or picture of ours does."""
    source = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted([*source.glob("*/static/**/*"), *source.glob("mechanisms/*/static/**/*")]):
        if path.is_file():
            stat = path.stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static(config: Config) -> None:
    """Gather styles, scripts and pictures, where they have changed since the last time."""
    stamp = config.home / "static" / ".collected"
    if stamp.exists() and stamp.read_text() == static_digest():
        return
    subprocess.run(
        [PYTHON, "-m", "dingzi", "collectstatic", "--noinput", "--clear", "--verbosity", "0"],
        check=True,
    )
    stamp.write_text(static_digest())


def children(config: Config, bind: str, env: dict[str, str]) -> list[Child]:
    web = [PYTHON, "-m", "gunicorn", "-c", "python:dingzi.project.server"]
    return [
        Child("web", [*web, "dingzi.project.wsgi"], env | {"DINGZI_BIND": bind}),
        Child(
            "steward",
            [PYTHON, "-m", "dingzi", "steward"],
            env | {"DINGZI_DATABASE_URL": config.steward_url},
        ),
    ]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="dingzi run", description="启动网站和管家 | start the site and the steward"
    )
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 | address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="端口 | port")
    parser.add_argument(
        "--lan",
        action="store_true",
        help="局域网内的手机也能打开，回执二维码用局域网地址 | phones in the same network can open it",
    )
    args = parser.parse_args(argv)
    lan = lan_address() if args.lan else ""
    here = f"http://127.0.0.1:{args.port}"
    env = dict(os.environ)
    if args.lan:
        args.host = "0.0.0.0"  # noqa: S104 - that is what was asked for
        env["DINGZI_ALLOWED_HOSTS"] = ",".join(filter(None, [env.get("DINGZI_ALLOWED_HOSTS"), lan]))
    env.setdefault("DINGZI_SITE_URL", f"http://{lan}:{args.port}" if lan else here)
    try:
        config = load(env)
    except ConfigError as error:
        say(f"设置不对：{error}", f"a setting cannot work: {error}")
        return 1
    if not port_is_free(args.host, args.port):
        say(
            f"端口 {args.port} 已被占用；换一个：--port {args.port + 1}",
            f"port {args.port} is taken; choose another: --port {args.port + 1}",
        )
        return 1
    collect_static(config)
    addresses = [("网站", "site", here)]
    if lan:
        addresses.append(
            ("手机（同一网络）", "phones in the same network", f"http://{lan}:{args.port}")
        )
    supervisor = Supervisor(children(config, f"{args.host}:{args.port}", env))
    return supervisor.run(Readiness(args.port, addresses))
