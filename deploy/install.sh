#!/bin/sh
# Installs Dingzi from its offline archive; no network is used.
# 从离线包安装钉子，不联网。  sh install.sh [/opt/dingzi]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
to=${1:-/opt/dingzi}
python=${PYTHON:-$(command -v python3.11 || command -v python3)}

cd "$here"
sha256sum --quiet --check SHA256SUMS || {
  echo "文件不完整，请重新拷贝 | the archive is damaged: copy it again" >&2
  exit 1
}
mkdir -p "$to"
rm -rf "$to/src.new"
cp -R src "$to/src.new"
rm -rf "$to/src.old"
[ ! -e "$to/src" ] || mv "$to/src" "$to/src.old"
mv "$to/src.new" "$to/src"
cp -R requirements deploy docs pyproject.toml README.md "$to/"
[ -x "$to/.venv/bin/python" ] || "$python" -m venv "$to/.venv"
"$to/.venv/bin/python" -m pip install -qq --no-index --find-links wheels --require-hashes \
  -r requirements/run.lock
"$to/.venv/bin/python" -m pip install -qq --no-index --no-deps --no-build-isolation \
  --editable "$to"
echo "装好了 | installed: $to/.venv/bin/dingzi doctor"
