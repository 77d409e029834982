# Two commands for everybody:  make demo   make test
# `make env` builds .venv from requirements-dev.lock, by name, version and hash. It runs again only when the lock changes.

PYTHON ?= python3
VENV := .venv
MINING := .venv-mining
BIN := $(VENV)/bin
STAMP := $(VENV)/.built-from-lock
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help env demo test lint bench soak lock

help:
	@echo "make demo   try the product: builds .venv when needed, then runs casework demo"
	@echo "make test   everything that must hold: lint, types, layers, proofs, tests"
	@echo "make lint   only ruff, mypy and the layers"
	@echo "make bench  measure this machine into docs/benchmarks.md (half an hour; BENCH_PEERS=FOLDER adds other programs)"
	@echo "make soak   kill workers and primaries under load, walk 5,000 turns on each engine, send 50,000 requests, mine the event log (hours)"
	@echo "make env    only build .venv (PYTHON=python3.13 chooses the interpreter)"
	@echo "make lock   for maintainers: lock the dependencies anew (needs uv)"

env: $(STAMP)

$(STAMP): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "casework needs Python 3.11 or newer; name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	@if command -v uv >/dev/null 2>&1; then \
		echo "env: building $(VENV) with uv from requirements-dev.lock" && \
		uv venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV) && \
		uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock && \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable . ; \
	else \
		echo "env: building $(VENV) with venv and pip from requirements-dev.lock (a minute or two)" && \
		$(PYTHON) -m venv --clear $(VENV) && \
		$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-dev.lock && \
		$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable . ; \
	fi
	@touch $(STAMP)
	@echo "env: $(VENV) is ready ($$($(BIN)/python --version))"

demo: env
	@$(BIN)/casework demo

lint: env
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# What Python compiles once is kept beside the environment, whatever the shell says: each process of the tests would compile it all anew.
COMPILED := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/$(VENV)/bytecode

test: lint
	$(BIN)/casework check
	$(COMPILED) $(BIN)/python -m pytest -n 2 --dist worksteal

# BENCH_PEERS=FOLDER, BENCH_POSTGRES=URL and BENCH_FOLDER=FOLDER: see tests/bench/measure.py. BENCH="--rounds 1" and such are passed on.
bench: env
	$(BIN)/python -m tests.bench.measure --report docs/benchmarks.md $(BENCH)

# CASEWORK_SOAK_KILLS, CASEWORK_SOAK_FAILOVERS, CASEWORK_SOAK_TURNS and CASEWORK_SOAK_MINED say other numbers.
soak: env $(MINING)/.built-from-lock
	CASEWORK_MINING=$(MINING)/bin/python $(BIN)/python -m pytest -m soak tests/soak

# The library that replays our event log has an environment of its own: nothing of it comes near the product.
$(MINING)/.built-from-lock: requirements-mining.lock
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(MINING) && \
		uv pip install --quiet --python $(MINING)/bin/python --no-deps --require-hashes -r requirements-mining.lock; \
	else \
		$(PYTHON) -m venv --clear $(MINING) && \
		$(MINING)/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements-mining.lock; \
	fi
	@touch $@

# The lock keeps name, version and hash only: where a package comes from is the reader's own choice.
LOCK := uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml
lock:
	$(LOCK) --output-file requirements.lock
	$(LOCK) --group dev --output-file requirements-dev.lock
	$(subst pyproject.toml,,$(LOCK)) --group mining --output-file requirements-mining.lock
	@! grep -nE '://|index-url|find-links' requirements.lock requirements-dev.lock requirements-mining.lock
