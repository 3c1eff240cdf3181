# Tandem: `make run` starts everything on this machine; `make help` lists the rest.
.DEFAULT_GOAL := help
FIND_PYTHON := sh ops/find-python.sh
VENV_PYTHON := .venv/bin/python

.PHONY: help run services test check bench torture lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "  make run takes PORT (8000), TANDEM_HOME (var) and DEMO (1, or 0 for a real start)."

run: ## install what is missing and start everything at http://localhost:8000
	@$(FIND_PYTHON) -m ops.bootstrap run

services: ## PostgreSQL and Valkey alone, until Ctrl-C (for development)
	@$(VENV_PYTHON) -m ops.services start

test: ## every test, browser tests included
	@$(FIND_PYTHON) -m ops.bootstrap dev
	@$(VENV_PYTHON) -m ops.browser
	@$(VENV_PYTHON) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: ## style, types, layers, migrations, settings, templates, policies
	@$(FIND_PYTHON) -m ops.bootstrap dev
	@$(VENV_PYTHON) -m ops.check

bench: ## the budgets of docs/running.md, measured on this machine
	@$(FIND_PYTHON) -m ops.bootstrap dev
	@$(VENV_PYTHON) -m bench

torture: ## workers killed in the middle of sending, a hundred times: nothing lost, few copies
	@$(FIND_PYTHON) -m ops.bootstrap dev
	@$(VENV_PYTHON) -m torture

lock: ## work the dependency locks out anew
	@$(FIND_PYTHON) -m ops.bootstrap dev
	@$(VENV_PYTHON) -m ops.lock

clean: ## remove what was built; data in var/ stays
	rm -rf .venv node_modules static/build .mypy_cache .ruff_cache .pytest_cache \
	  .hypothesis .import_linter_cache
