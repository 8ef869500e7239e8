.DEFAULT_GOAL := help
# Any Python from 3.11 to 3.13; another one: make setup PYTHON=python3.12
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
VENV   := .venv
BIN    := $(VENV)/bin
PY     := $(BIN)/python
READY  := $(VENV)/.ready
PIP    := $(PY) -m pip --disable-pip-version-check --quiet

help: ## what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## build .venv from the hash-locked list (once)

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed: make setup PYTHON=/path/to/python"; exit 1; }
	@echo "building $(VENV), once"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@PYTHONWARNINGS=ignore $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

chat: $(READY) ## talk to the bot in this terminal
	@$(PY) -m bot chat

test: $(READY) ## the quick tests, in two processes (two to three minutes)
	@$(PY) -m pytest -n 2 --dist loadfile

# A Bot API that nobody here wrote; `npm` comes with Node.js.
EMULATOR := $(VENV)/emulator
EMULATED := $(EMULATOR)/node_modules/@vishtar/telegram-test-api/package.json

emulator: $(EMULATED) ## the Telegram emulator that some slow tests talk to (needs npm)

$(EMULATED): $(READY)
	@npm install --silent --no-save --no-package-lock --ignore-scripts --no-audit --no-fund \
		--prefix $(EMULATOR) @vishtar/telegram-test-api@4.2.3
	@touch $@

slow: $(READY) emulator ## kill, fuzz, packaging and load tests (minutes)
	@$(PY) -m pytest -m "slow and not alone" -n 2 --dist loadfile
	@$(PY) -m pytest -m "slow and alone"

COVERED := claims=100,rows=100,steps=100,intents=100,slots=100,moves=100,handoffs=100

replay: $(READY) ## every dialogue of tests/dialogues and the matrix of repairs (under a minute)
	@$(PY) -m bot replay tests/dialogues -j 2 --coverage-min $(COVERED)
	@$(PY) -m bot matrix -j 2

mutants: $(READY) ## change every figure and verdict of the rules: the dialogues must notice
	@$(PY) -m tests.mutants -j 2

style: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY)
	@$(BIN)/mypy
	@$(BIN)/mypy -p bench

rules: $(READY)
	@$(PY) -m bot check

check: style types rules test replay mutants slow ## everything that CI runs: style, types, data files, all tests

bench: $(READY) ## what it costs and how well it does (two minutes)
	@$(PY) -m bench

figures: $(READY) ## the same, written into the READMEs
	@$(PY) -m bench --readme

format: $(READY) ## lay the code out
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

data: $(READY) ## what is made from the data files: the trained engine, then the docs
	@$(PY) -m intents readings
	@$(PY) -m intents build
	@$(MAKE) --no-print-directory docs

docs: $(READY) ## docs/rules.md, the guides to replay and Telegram, the READMEs' conversations and picture
	@$(PY) -m knowledge > docs/rules.md.new && mv docs/rules.md.new docs/rules.md
	@$(PY) -m tests.readme
	@$(PY) -m tests.guide
	@$(PY) -m tests.settings_shown
	@$(PY) -m tests.telegram.scene

.PHONY: help setup chat test emulator slow replay mutants style types rules check bench figures format data docs
