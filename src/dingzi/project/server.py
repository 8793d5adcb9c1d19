"""Settings of gunicorn: ``gunicorn -c python:dingzi.project.server dingzi.project.wsgi``."""

import os
import sys
from typing import Any

from dingzi.project import logs
from dingzi.project.config import load

CONFIG = load()

bind = os.environ.get("DINGZI_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = CONFIG.workers
threads = CONFIG.threads
timeout = 60
graceful_timeout = 20
keepalive = 5
limit_request_line = 4094
# Our own access log tells the route, not the path; gunicorn's would tell both.
accesslog = None
errorlog = "-"
# whose X-Forwarded-* count is decided by DINGZI_PROXIES, not by the address they come from
forwarded_allow_ips = "*" if CONFIG.proxies else "127.0.0.1"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108

logconfig_dict = logs.config(CONFIG.log)

#: Seconds after which a thread lets another one go on. A thread that the database has answered would
#: otherwise wait 5 ms for one that renders a page, at every statement: half the acts a second.
SWITCH = 0.0005


def post_worker_init(worker: Any) -> None:
    sys.setswitchinterval(SWITCH)
