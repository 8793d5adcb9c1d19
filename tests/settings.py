"""Settings of the test suite: an installation of its own in a temporary folder.

``DINGZI_TEST_DATABASE`` chooses the engine: ``sqlite`` (default) or ``postgresql``.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.postgres import Cluster

ENGINE = os.environ.get("DINGZI_TEST_DATABASE", "sqlite")
# in /tmp, whatever TMPDIR says: the path of the steward's socket must be short
HOME = Path(tempfile.mkdtemp(prefix="dingzi-test-", dir="/tmp"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)

for _name in [name for name in os.environ if name.startswith("DINGZI_")]:
    if _name not in ("DINGZI_TEST_DATABASE", "DINGZI_TEST_SHARE", "DINGZI_CAMPAIGN"):
        del os.environ[_name]
os.environ["DINGZI_HOME"] = str(HOME)
# a machine's proxy must not be asked for what the tests themselves serve
os.environ["no_proxy"] = os.environ["NO_PROXY"] = "127.0.0.1,localhost"

(HOME / "static").mkdir()
CLUSTER = Cluster() if ENGINE == "postgresql" else None
if CLUSTER:
    os.environ["DINGZI_DATABASE_URL"] = CLUSTER.url("dingzi_web", "dingzi")
    os.environ["DINGZI_DATABASE_OWNER_URL"] = CLUSTER.url("dingzi_owner", "dingzi")
    os.environ["DINGZI_DATABASE_STEWARD_URL"] = CLUSTER.url("dingzi_steward", "dingzi")

from dingzi.project.settings import *  # noqa: E402, F403
from dingzi.project.settings import DATABASES, STORAGES  # noqa: E402

if CLUSTER:
    DATABASES["default"]["TEST"] = {"NAME": "dingzi"}
else:
    # A file as in use: an in-memory database has neither WAL nor a second connection.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
