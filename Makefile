# Tandem: `make run` starts everything on this machine; `make help` lists the rest.
.DEFAULT_GOAL := help
VENV_PYTHON := .venv/bin/python

.PHONY: services
services: ## PostgreSQL and Valkey alone, until Ctrl-C (development)
	@$(VENV_PYTHON) -m ops.services start
