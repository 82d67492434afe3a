# `make` lists what there is. Every target sets up what it needs by itself.

# Which Python makes .venv; empty: the first of python3, python3.13, … that works.
export PYTHON ?=
# More arguments for pytest, e.g. make test-fast PYTEST_ARGS='-k booking -x'
PYTEST_ARGS ?=
# More arguments for the demo and for the benchmarks.
DEMO_ARGS ?=
BENCH_ARGS ?=
# For the crash table, e.g. CRASH_ARGS='--limit 20 --seed 2 --results crash.jsonl'
CRASH_ARGS ?=
# How the suite is spread over processes.
XDIST ?= -n 2 --dist loadscope

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
READY := $(VENV)/.ready
CODE := $(wildcard src tests bench examples) $(if $(wildcard tools/*.py),tools)
PINNED := --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --quiet

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run demo test test-fast check fmt format lint types imports cover \
	bench bench-ledger bench-polling bench-full bench-citizens crash lock clean distclean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s  %s\n", $$1, $$2 }' \
		$(firstword $(MAKEFILE_LIST))
	@echo
	@echo "  Settings: PYTHON=  PYTEST_ARGS=  DEMO_ARGS=  BENCH_ARGS=  CRASH_ARGS=  XDIST="

setup: $(READY)  ## Make .venv with everything in it, .venv/bin/mta included

# A tree that was moved or copied takes its .venv along, which still points back.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
.PHONY: $(READY)
endif
$(READY): pyproject.toml requirements/dev.txt tools/setup.sh
	@sh tools/setup.sh

run: setup  ## Show MTA at work in a practice city, until Ctrl-C
	@exec $(BIN)/mta demo $(DEMO_ARGS)

demo: setup  ## Play that story once and end
	@exec $(BIN)/mta demo --once $(DEMO_ARGS)

test: setup  ## Run all tests; all code 95 % covered, the core 100 %
	@$(PY) -m pytest $(XDIST) --cov --cov-report=term $(PYTEST_ARGS)
	@echo "The core, lines and branches:"
	@$(PY) -m coverage report --include='src/mta_core/*' --fail-under=100

test-fast: setup  ## Run the quick tests, without coverage
	@$(PY) -m pytest -m 'not e2e and not slow' $(PYTEST_ARGS)

check: setup format lint types imports test  ## All that CI checks; changes nothing

format: setup
	@$(PY) -m black --check --quiet --diff $(CODE)
	@$(PY) -m isort --check-only --diff $(CODE)

fmt: setup  ## Write the code as Black and isort want it
	@$(PY) -m isort --quiet $(CODE)
	@$(PY) -m black --quiet $(CODE)

lint: setup  ## Flake8, and ruff for what Flake8 lacks
	@$(PY) -m flake8 $(CODE)
	@$(PY) -m ruff check --quiet $(CODE)

types: setup  ## mypy, strict
	@$(PY) -m mypy $(CODE)

imports: setup  ## import-linter: the arrows of the hexagon
	@$(BIN)/lint-imports --no-logo

cover: setup  ## Run all tests and write htmlcov/index.html
	@$(PY) -m pytest $(XDIST) --cov --cov-report=html --cov-fail-under=0 $(PYTEST_ARGS)

bench: setup  ## Measure how fast MTA tells and books
	@$(PY) -m bench $(BENCH_ARGS)

bench-ledger: setup  ## An hour of the living city in a minute: what it saw of MTA
	@$(PY) -m bench.ledger $(BENCH_ARGS)

bench-polling: setup  ## Hold the planner against others in made-up worlds: minutes
	@$(PY) -m bench.polling $(BENCH_ARGS)

bench-full: setup  ## The same in all worlds and at full length: hours
	@$(PY) -m bench.polling --full $(BENCH_ARGS)

bench-citizens: setup  ## 1,000 simulated citizens: who gets an appointment, by which means
	@$(PY) -m bench.citizens $(BENCH_ARGS)

crash: setup  ## Kill mta up at every statement of a booking, and compare the books
	@$(PY) tools/crash_table.py $(CRASH_ARGS)

UV ?= $(or $(wildcard $(BIN)/uv),uv)
lock: setup  ## Pin the newest versions in requirements/ (needs uv)
	@$(UV) --version >/dev/null 2>&1 || \
		{ echo "make lock needs uv: $(BIN)/pip install uv" >&2; exit 1; }
	@$(UV) pip compile pyproject.toml --extra all $(PINNED) --upgrade \
		-o requirements/app.txt >/dev/null
	@$(UV) pip compile pyproject.toml --extra all --group dev $(PINNED) --upgrade \
		-c requirements/app.txt -o requirements/dev.txt >/dev/null
	@! grep -n '://' requirements/*.txt

clean:  ## Remove caches and reports
	@rm -rf build dist htmlcov .coverage .coverage.* .hypothesis .mypy_cache \
		.pytest_cache .ruff_cache .import_linter_cache
	@find $(CODE) -name __pycache__ -prune -exec rm -rf {} +

distclean: clean  ## Remove .venv, too
	@rm -rf $(VENV)
