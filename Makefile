# `make demo` and `make test` each do all their own set-up: they need a Python from 3.10 on, with pip and venv, and make.
# Another Python: make test PYTHON=python3.13 VENV=.venv-3.13

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
# Twice quiet: errors are told, warnings about a machine's own package indexes are not.
QUIETLY := --quiet --quiet --disable-pip-version-check --no-input
PIP    := $(BIN)/python -m pip $(QUIETLY)

.PHONY: help setup demo test lint types imports fresh tests ranges low high parity fuzz bench clean
.NOTPARALLEL:
.DEFAULT_GOAL := help

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## only make the virtual environment

demo: $(STAMP) ## the whole way on a real pipeline, offline: generate, type-check, compile, deploy
	@$(BIN)/python examples/abalone/demo.py

test: lint types imports fresh tests ## everything that CI checks

lint: $(STAMP) ## ruff: rules and format
	@echo "== ruff"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "ruff: run '$(BIN)/ruff format .'"; exit 1; }

# Each takes one core and about a minute: both at once, and what they say one after the other.
types: $(STAMP) ## mypy --strict and pyright strict
	@echo "== mypy --strict and pyright strict"
	@$(BIN)/mypy > $(VENV)/mypy.log 2>&1 & mypy=$$!; \
	PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright --pythonpath $(BIN)/python > $(VENV)/pyright.log 2>&1; pyright=$$?; \
	wait $$mypy; mypy=$$?; cat $(VENV)/mypy.log $(VENV)/pyright.log; test $$mypy -eq 0 -a $$pyright -eq 0

imports: $(STAMP) ## which room may import which
	@echo "== import contracts"
	@$(BIN)/lint-imports --no-logo > $(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }

fresh: $(STAMP) ## what is generated is what would be generated
	@echo "== generated files"
	@$(BIN)/smgen generate --check --full

tests: $(STAMP) ## pytest on all cores
	@echo "== pytest"
	@$(BIN)/pytest --quiet --numprocesses auto --dist loadfile

# Tests of what depends on a requirement: the bytes, config models, wiring, edits of modules, files that are left out.
RANGED := tests/generate tests/library tests/corpus/test_corpus_steps.py tests/runtime tests/wiring tests/source tests/assets

ranges: $(STAMP) low high ## what smgen requires, at the oldest and at the newest versions that it allows
	@echo "== the wheel beside other versions"
	@SMGEN_RANGES=yes $(BIN)/pytest --quiet -m ranges tests/project

# The tests need tomli on every Python.
low: .venv-low/.made
	@echo "== the oldest versions"
	@.venv-low/bin/python -m pip $(QUIETLY) install --group oldest --group tools --editable '.[generate,watch]' tomli
	@.venv-low/bin/python -m pip $(QUIETLY) install --no-deps --upgrade --target .venv-low/apart --group oldest-apart
	@.venv-low/bin/python -m tests.project.ranges
	@.venv-low/bin/smgen generate --check --full
	@.venv-low/bin/pytest --quiet --numprocesses auto --dist loadfile $(RANGED)
	@PYTHONPATH=.venv-low/apart .venv-low/bin/pytest --quiet tests/assets tests/runtime/test_project.py

high: .venv-high/.made
	@echo "== the newest versions"
	@.venv-high/bin/python -m pip $(QUIETLY) install --upgrade --upgrade-strategy eager \
	  --group tools --editable '.[generate,watch]' tomli
	@.venv-high/bin/python -m tests.project.ranges
	@.venv-high/bin/smgen generate --check --full
	@.venv-high/bin/pytest --quiet --numprocesses auto --dist loadfile $(RANGED)

.venv-low/.made .venv-high/.made:
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip $(QUIETLY) install --upgrade 'pip>=25.1,<27'
	@touch $@

parity: $(STAMP) .venv-sdk3/.installed .venv-sdk2/.installed ## the real SDKs, versions 3 and 2, in environments of their own
	@echo "== parity with sagemaker 3 and 2"
	@SMGEN_SDK3_PYTHON=$(CURDIR)/.venv-sdk3/bin/python SMGEN_SDK2_PYTHON=$(CURDIR)/.venv-sdk2/bin/python \
	  $(BIN)/pytest --quiet -m sdk tests/parity

fuzz: $(STAMP) ## 20,000 mutated inputs of every sort; faults at every change of a file; FUZZ="--inputs 1000 --seed 7 --only contracts" for others
	@$(BIN)/python -m tests.fuzz $(FUZZ)
	@$(BIN)/python -m tests.cli.faults
	@SMGEN_KILLS=all $(BIN)/pytest --quiet tests/cli/test_killed.py

bench: $(STAMP) ## every benchmark
	@set -e; for file in benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python "$$file"; done

clean: ## remove the virtual environment and every cache
	@rm -rf $(VENV) .venv-low .venv-high .venv-sdk3 .venv-sdk2 build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find codegen generated tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Every package is pinned, so that nothing has to be resolved.
.venv-sdk%/.installed: tests/parity/sdk%.txt
	@echo "== setting up .venv-sdk$* with $$($(PYTHON) -V)"
	@$(PYTHON) -m venv .venv-sdk$*
	@.venv-sdk$*/bin/python -m pip --quiet --quiet --disable-pip-version-check --no-input install --no-deps -r $<
	@touch $@

# pip reads the groups of pyproject.toml from 25.1 on; an older one is what venv brings.
$(STAMP): pyproject.toml
	@command -v $(PYTHON) > /dev/null || { echo "smgen: no '$(PYTHON)' here; name another: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
	  echo "smgen needs Python 3.10 or newer, '$(PYTHON)' is $$($(PYTHON) -V 2>&1); name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
	  echo "smgen: '$(PYTHON)' cannot make a virtual environment with pip in it."; \
	  echo "On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "== setting up $(VENV) with $$($(PYTHON) -V)"
	@echo "   installing smgen and its tools, 120 packages; this takes about a minute, once"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --upgrade 'pip>=25.1,<27'
	@$(PIP) install --group dev --editable '.[generate,watch]'
	@touch $@
