# The two commands that matter are `make run` and `make test`; each does its own set-up.
.PHONY: run test setup lint evaluate lock clean

VENV := .venv
PY := $(VENV)/bin/python

run: $(VENV)/.installed
	@$(PY) -m bot run

setup: $(VENV)/.installed
	@$(PY) -m bot setup

test: $(VENV)/.installed-dev
	@sh scripts/browser.sh
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(PY) -m bot setup
	@$(PY) -m pytest

lint: $(VENV)/.installed-dev
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/mypy

evaluate: $(VENV)/.installed
	@$(PY) -m bot evaluate tests/evaluation/test.yml

$(VENV)/.installed: requirements.lock
	@sh scripts/environment.sh $(VENV) requirements.lock
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@sh scripts/environment.sh $(VENV) requirements-dev.lock
	@touch $@

# Needs uv on the PATH. The index is the one that uv is set up with; none is written down.
lock:
	uv pip compile requirements.in -o requirements.lock --python-version 3.10 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate
	uv pip compile requirements-dev.in -o requirements-dev.lock --python-version 3.10 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate

clean:
	rm -rf $(VENV) var
