.DEFAULT_GOAL := help
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

help: ## what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## build .venv from the hash-locked list (once)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

chat: $(READY) ## talk to the bot in this terminal
	@$(BIN)/python -m bot chat

test: $(READY) ## the test suite (under two minutes)
	@$(BIN)/python -m pytest

check: $(READY) ## everything that CI runs: style, types, data, tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m bot check
	@$(BIN)/python -m pytest

format: $(READY) ## lay the code out
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: help setup chat test check format
