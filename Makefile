# Every target first makes .venv (once; again when requirements.lock has changed).
# Not PYTHON: that names the interpreter that setup.sh makes .venv with.
VENV_PYTHON := .venv/bin/python
export PYTHONPATH := $(CURDIR)
export OMP_NUM_THREADS ?= 1

.PHONY: setup test lint bench batch accuracy fuzz hostile gradescope container walk examples figures lock

setup:
	@bash setup.sh

test: setup
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m mypy
	$(VENV_PYTHON) -m pytest --numprocesses 2 --dist loadfile

lint: setup
	$(VENV_PYTHON) -m ruff check --fix .
	$(VENV_PYTHON) -m ruff format .
	$(VENV_PYTHON) -m mypy

bench: setup
	$(VENV_PYTHON) -m tests.bench

batch: setup
	$(VENV_PYTHON) -m tests.batch

accuracy: setup
	$(VENV_PYTHON) -m tests.accuracy

fuzz: setup
	$(VENV_PYTHON) -m tests.fuzz

hostile: setup
	$(VENV_PYTHON) -m tests.hostile
	$(VENV_PYTHON) -m tests.hostile killed

gradescope: setup
	$(VENV_PYTHON) -m tests.gradescope

walk: setup
	$(VENV_PYTHON) -m tests.walk

container: setup
	$(VENV_PYTHON) -m tests.container

examples: setup
	$(VENV_PYTHON) -m reference.examples.make

figures: setup
	$(VENV_PYTHON) -m reference.drawing

# Needs uv. The packages of torch's CUDA builds are left out on purpose (see the head of the lock).
lock:
	{ head -2 requirements.lock; uv pip compile --universal --python-version 3.10 --extra develop --no-header --no-annotate pyproject.toml \
	  | grep -v -E '^(nvidia-|cuda-|triton)'; } > requirements.lock.new
	mv requirements.lock.new requirements.lock
