# Everything a developer or an operator of a checkout runs. `make audit` and `make test` set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
EMULATOR := .readyctl/emulator/.ready
WORKERS ?= 2

export READYCTL_EMULATOR = $(CURDIR)/.readyctl/emulator/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help setup audit test lint format types contracts docs golden schemas constraints wheel bench prove clean

help:  ## Show the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "readyctl needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable . --group dev
	touch $@

$(EMULATOR): $(READY) emulator-constraints.txt
	$(BIN)/readyctl local install
	touch $@

setup: $(READY) $(EMULATOR)  ## Install everything, once

audit: setup  ## Audit the reference assessment on this machine; exits 1 while the answer is NO-GO
	$(BIN)/readyctl local up --state reference
	$(BIN)/readyctl audit --env local

test: setup  ## Run every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

lint: $(READY)  ## Check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY)  ## Rewrite the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(READY)  ## Check types
	$(BIN)/mypy

contracts: $(READY)  ## Check the layers
	$(BIN)/lint-imports

docs: $(READY)  ## Write the generated documents again
	$(BIN)/python -m readyctl.cli.reference
	$(BIN)/python -m backend manifest
	$(BIN)/python -m backend openapi
	$(BIN)/readyctl --quiet migrate verify --write-snapshot backend/schema.json

golden: setup  ## Write the golden reports again; read the difference before you commit it
	READYCTL_UPDATE_GOLDEN=1 $(BIN)/python -m pytest tests/report -q

constraints: ## Resolve the newest versions that fit, and pin them
	$(PYTHON) -m venv .readyctl/resolve
	.readyctl/resolve/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	.readyctl/resolve/bin/python -m pip install --quiet --editable . --group dev
	.readyctl/resolve/bin/python -m pip freeze --exclude-editable > constraints.txt
	rm -rf .readyctl/resolve

wheel: $(READY)  ## Build the sdist, and the wheel from it
	$(BIN)/python -m build --outdir dist

bench: setup  ## Run the benchmarks
	$(BIN)/python -m benchmarks.startup
	$(BIN)/python -m benchmarks.audit
	$(BIN)/python -m benchmarks.cold_start
	$(BIN)/python -m benchmarks.list_clients
	$(BIN)/python -m benchmarks.verify
	$(BIN)/python -m benchmarks.rls
	$(BIN)/python -m benchmarks.migrations

prove: setup bench  ## Run what takes longer than the tests may
	$(BIN)/python -m benchmarks.wheel
	$(BIN)/python -m benchmarks.behaviour
	READYCTL_CRASH_POINTS=50 $(BIN)/python -m pytest -q tests/migrate/test_crashes.py

clean:  ## Stop the local environment and remove what was built
	-test ! -x $(BIN)/readyctl || $(BIN)/readyctl local down
	rm -rf dist build $(VENV) .readyctl
