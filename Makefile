# `make` alone lists what there is. Everything runs in .venv, which sets itself up.

# The first that is new enough; another with `make PYTHON=...`.
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13; do \
  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
READY  := $(VENV)/.ready

# Modules are compiled once, whatever a container says: the tests start dozens of processes.
unexport PYTHONDONTWRITEBYTECODE

# Tests share the cores; `make test N=0` runs them in one process.
N      ?= auto
SHARED := -n $(N) --maxprocesses=8 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help demo run test test-quick teams check lint types cover chaos bench clean lock

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# uv when it can be had (seconds instead of a minute), plain pip otherwise; both check every hash.
$(READY): requirements/dev.txt pyproject.toml
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "nato-brief needs Python 3.11 or newer (Debian: apt install python3 python3-venv); say which with: make PYTHON=python3.12"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || \
	  { echo "$(PYTHON) cannot make $(VENV); where a module is missing, install it (Debian: apt install python3-venv) and try again"; exit 1; }
	@echo "Setting up $(VENV) ..."
	@{ $(PIP) --require-hashes -r requirements/uv.txt && $(BIN)/uv pip install --quiet --compile-bytecode \
	  --python $(BIN)/python --require-hashes -r requirements/dev.txt; } 2>/dev/null || \
	  $(PIP) --no-deps --require-hashes -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q bot handlers
	@touch $@

demo: $(READY) ## Show the whole way of an article, offline, in about half a minute
	@$(BIN)/nato-brief demo

run: $(READY) ## Start the bot in one process, on config/ and an embedded server
	@$(BIN)/nato-brief run

test: $(READY) ## Run every test
	@$(BIN)/pytest $(SHARED)

test-quick: $(READY) ## Run the tests that start no bot, in a minute
	@$(BIN)/pytest $(SHARED) tests/unit tests/services tests/test_*.py

teams: $(READY) ## Test Teams in Microsoft's Agents Playground (needs Node)
	@$(BIN)/pytest tests/acceptance/teams

check: lint types ## What CI runs besides the tests: format, lint, types

lint: $(READY) ## Check format and style
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(READY) ## Check types, strictly
	@$(BIN)/mypy

cover: $(READY) ## Run the tests and show what they leave out
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -q $(SHARED)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --skip-covered --show-missing

# Seconds of chaos, kills with a queue in hand, and a seed to go through the same again.
SECONDS ?= 1800
KILLS   ?= 40
SEED    ?=

chaos: $(READY) ## Kill, freeze and refuse the whole bot for half an hour, and count what is lost
	@$(BIN)/python -m tests.chaos --seconds $(SECONDS) --kills $(KILLS) $(if $(SEED),--seed $(SEED))

# The baselines live apart, so that nothing of theirs can be taken for a dependency of ours.
$(VENV)/bench/.ready: requirements/bench.txt $(READY)
	@$(PYTHON) -m venv $(VENV)/bench
	@$(VENV)/bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements/bench.txt
	@touch $@

bench: $(READY) $(VENV)/bench/.ready ## Measure against named baselines, side by side
	@$(BIN)/pytest tests/benchmarks -q -s --override-ini 'python_files=bench_*.py'

lock: $(READY) ## Choose the pinned versions anew
	@for out in runtime dev; do \
	  group=$$( [ $$out = dev ] && echo "--group dev" ); \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --upgrade pyproject.toml $$group -o requirements/$$out.txt; done
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --upgrade requirements/bench.in -o requirements/bench.txt

clean: ## Remove what was made, the virtual environment included
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* htmlcov dist build demo.html
