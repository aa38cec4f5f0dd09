# Every target first makes .venv (once; again when requirements.lock has changed).
PYTHON := .venv/bin/python
export PYTHONPATH := $(CURDIR)
export OMP_NUM_THREADS ?= 1

.PHONY: setup test lint bench accuracy examples lock

setup:
	@bash setup.sh

test: setup
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest

lint: setup
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .
	$(PYTHON) -m mypy

bench: setup
	$(PYTHON) -m tests.bench

accuracy: setup
	$(PYTHON) -m tests.accuracy

examples: setup
	$(PYTHON) -m reference.examples.make

# Needs uv. The packages of torch's CUDA builds are left out on purpose (see the head of the lock).
lock:
	{ head -2 requirements.lock; uv pip compile --universal --python-version 3.10 --extra develop --no-header --no-annotate pyproject.toml \
	  | grep -v -E '^(nvidia-|cuda-|triton)'; } > requirements.lock.new
	mv requirements.lock.new requirements.lock
