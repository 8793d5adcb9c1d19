# Everything one does with this tree. `make help` lists the targets in both languages.
# Every target may be run again at any time; what is up to date is not made again.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= $(firstword $(shell command -v python3.11 python3 python3.12 python3.13))
BIN := .venv/bin
UV := $(BIN)/uv
PORT ?= 8000
SCALE ?= small
JOBS ?= 2

export UV_LINK_MODE ?= copy
# compiled modules are kept, also where a machine says otherwise: each start is a second quicker
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# a slow line is waited for
export PIP_DEFAULT_TIMEOUT ?= 120
export UV_HTTP_TIMEOUT ?= 300

.PHONY: help
help: ## 列出全部目标 | list these targets
	@awk -F ' ## ' '/^[a-z][a-z-]*:.* ## /{split($$1, t, ":"); split($$2, w, " [|] "); \
	  printf "  make %-10s %s\n  %15s %s\n", t[1], w[1], "", w[2]}' $(MAKEFILE_LIST)

# ---- environment ------------------------------------------------------------------------------

$(UV): requirements/tools.lock
	@test -n "$(PYTHON)" || { echo "没有找到 Python 3.11 | Python 3.11 is missing" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "需要 Python 3.11 以上 | Python 3.11 or later is needed: make PYTHON=python3.11" >&2; exit 1; }
	@"$(PYTHON)" -m venv .venv || \
	  { echo "缺 python3-venv | python3-venv is missing: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements/tools.lock
	@touch $@

# What the site needs; `make demo` waits for no more than this.
.venv/.run: requirements/run.lock pyproject.toml $(UV)
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# What the work on it needs; removes what no lock names.
.venv/.test: requirements/test.lock requirements/engines.lock .venv/.run
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes \
	  requirements/tools.lock requirements/run.lock requirements/engines.lock requirements/test.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# What benchmarks compare with; some of it is GPL or AGPL and never runs in the site.
.venv/.peers: requirements/peers.lock .venv/.test
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/peers.lock
	@touch $@

.PHONY: install
install: .venv/.test ## 建好 .venv（只动 .venv） | make the .venv, and nothing else

.PHONY: locks
locks: $(UV) ## 重算锁文件；UPGRADE=1 升到新版 | recompute the locks; UPGRADE=1 takes new versions
	@for name in tools run engines test peers; do \
	  $(UV) pip compile --quiet --universal --generate-hashes --no-annotate --python-version 3.11 \
	    $(if $(UPGRADE),--upgrade) --custom-compile-command "make locks" \
	    requirements/$$name.in --output-file requirements/$$name.lock; done
	@! grep -n '://' requirements/*.lock || { echo "a lock names an address" >&2; exit 1; }

# ---- checks -----------------------------------------------------------------------------------

.PHONY: lint
lint: .venv/.test ## 格式、类型、楼层 | lint, types, floors
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/lint-imports --no-logo >/dev/null || $(BIN)/lint-imports --no-logo
	@DINGZI_HOME=.mypy_cache/home $(BIN)/mypy

.PHONY: check
check: lint ## 快检：格式、类型、楼层、形状、快测试 | quick: lint, types, floors, shapes, fast tests
	@$(BIN)/python -m pytest -q -n $(JOBS) -m "not slow and not browser"

.PHONY: system
system: ## 装齐 Debian 里要的（需 root） | install what is needed from Debian (as root)
	@tools/system

.PHONY: test
test: .venv/.test ## 全部测试：SQLite、PostgreSQL、浏览器 | the whole suite: SQLite, PostgreSQL, browser
	@tools/system
	@tools/suite

.PHONY: campaign
campaign: .venv/.test ## 大规模的故障与随机测试 | fault and fuzz campaigns at full size
	@tools/system
	@DINGZI_CAMPAIGN=full tools/suite -m campaign

.PHONY: bench
bench: .venv/.peers ## 跑基准，写 docs/benchmarks.md；ONLY= ARGS= KEEP= QUICK=1 | run benchmarks, write docs/benchmarks.md
	@$(BIN)/python tools/bench.py $(if $(QUICK),--quick) $(if $(KEEP),--keep "$(KEEP)") \
	  $(ONLY) $(if $(ARGS),-- $(ARGS))

# ---- work -------------------------------------------------------------------------------------

.PHONY: demo
demo: export DINGZI_DEMO = 1
demo: .venv/.run ## 模拟城市与网站：PORT=8000 SCALE=small|full | the sample city and its site
	@$(BIN)/dingzi migrate --verbosity 0
	@DINGZI_SITE_URL=http://127.0.0.1:$(PORT) $(BIN)/dingzi demo --scale $(SCALE)
	@DINGZI_LOG=WARNING $(BIN)/dingzi run --lan --port $(PORT)

.PHONY: mechanism
mechanism: .venv/.run ## 新机制的骨架：NAME=x [ZH= EN= PREFIX=] | scaffold a mechanism: NAME=x [ZH= EN= PREFIX=]
	@test -n "$(NAME)" || { echo "make mechanism NAME=x" >&2; exit 1; }
	@$(BIN)/dingzi mechanism "$(NAME)" $(if $(ZH),--zh "$(ZH)") $(if $(EN),--en "$(EN)") $(if $(PREFIX),--prefix "$(PREFIX)")

.PHONY: messages
messages: .venv/.test ## 收集并编译译文 | collect and compile translations
	@$(BIN)/python tools/messages.py

.PHONY: release-processes
release-processes: .venv/.test ## 把新的流程文件记为已发布 | record new process files as released
	@$(BIN)/python tools/released.py

.PHONY: clean
clean: ## 删掉 .venv 与缓存（var/ 不动） | remove .venv and caches (never var/)
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist
	@find src tests -name __pycache__ -prune -exec rm -rf {} +
