# What can be done with a checkout of Fonte. Every target makes what it needs; `make help` lists them.

PYTHON ?= python3
VENV := .venv
PUBLIC := ../shared/benchmarks/squad/mixed
BIN := $(VENV)/bin
.DEFAULT_GOAL := help

$(VENV)/.runtime: requirements.lock pyproject.toml
	@echo "Setting up $(VENV) with the locked packages (once; a minute or two)…"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Fonte needs Python 3.11 or later: make PYTHON=python3.11 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime
	@echo "Adding the packages for tests and checks (once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.PHONY: help serve test test-cluster check eval bench crash soak fuzz packages lock train release wheel clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

serve: $(VENV)/.runtime ## the chat page on http://127.0.0.1:8000
	@$(BIN)/qa serve $(ARGS)

test: $(VENV)/.development ## all tests that need nothing but this checkout (a browser where one is found)
	@$(BIN)/python -m pytest --ignore=tests/cluster $(ARGS)

test-cluster: $(VENV)/.development ## the OpenSearch engine against three real nodes (needs a JDK and Maven)
	@FONTE_CLUSTER=1 $(BIN)/python -m pytest -rs tests/cluster $(ARGS)

check: $(VENV)/.development ## lint, format and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

eval: $(VENV)/.runtime ## how well the shipped questions are answered
	@$(BIN)/qa evaluate $(ARGS)

bench: $(VENV)/.development ## speed and memory beside other engines (long)
	@$(BIN)/python -m tests.benchmarks $(ARGS)

crash: $(VENV)/.development ## kill -9 at 50 random moments, full disks, stops under load (ten minutes)
	@$(BIN)/python -m tests.reliability.crash $(ARGS)

soak: $(VENV)/.development ## 64 connections for two minutes, every reply compared with the one given alone
	@$(BIN)/python -m tests.reliability.soak $(ARGS)

fuzz: $(VENV)/.development ## 20,000 made-up requests, then made-up files and questions (an hour or more)
	@$(BIN)/python -m tests.reliability.fuzz $(ARGS)

packages: $(VENV)/.development ## licence, size and start-up time of every package that Fonte needs
	@$(BIN)/python -m tests.reliability.packages $(ARGS)

train: $(VENV)/.runtime ## train the label and confidence models again from the labelled data in tests/data
	@$(BIN)/python -m qa.evidence.training tests/data/caveat-examples.jsonl tests/data/caveat-examples.jsonl tests/data/seed-caveats.jsonl tests/data/seed-caveats.jsonl tests/data/caveats-*.jsonl
	@$(BIN)/python -m qa.evaluation.training corpus corpus/questions.jsonl tests/data/questions-*.jsonl $(if $(wildcard $(PUBLIC)),--public $(PUBLIC))

lock: $(VENV)/.development ## choose newest allowed versions and write the lock files
	@$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --output-file requirements.lock pyproject.toml build-requirements.in
	@$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --extra dev --output-file requirements-dev.lock pyproject.toml build-requirements.in

release: $(VENV)/.development ## check, test, build and tag the version that pyproject.toml names
	@$(BIN)/python deploy/release.py

wheel: $(VENV)/.development ## build the wheel into dist/
	@$(BIN)/python -m build --wheel --no-isolation

clean: ## remove what the other targets made
	rm -rf $(VENV) build dist .cache *.egg-info
