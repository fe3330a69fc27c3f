# Each target does all of its own set-up: nothing is needed but Python >= 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run test test-slow proofs bench figures notebooks docs lint clean

run: $(STAMP)
	@mkdir -p build
	$(BIN)/approxcert check geometric --target 'abs(x0 - 1/3)' --dim 1 --base 2 --levels 6 --p 2 --digits relu --decoder two-sine -o build/certificate.json

test: lint
	$(BIN)/python -m pytest -n auto

test-slow: $(STAMP)
	$(BIN)/python -m pytest -m slow
	$(BIN)/python -m pytest -n auto --hypothesis-profile fresh

# Coq and its libraries come from Debian's packages; where they are missing, it says which.
proofs: $(STAMP)
	$(BIN)/approxcert prove
	$(BIN)/python -m pytest -n auto -m 'kernel and not slow'

bench: $(STAMP)
	@for script in benchmarks/*.py; do echo "$$script"; $(BIN)/python "$$script" || exit 1; done

figures: $(STAMP)
	$(BIN)/python notebooks/experiments.py docs/figures
	$(BIN)/python notebooks/pictures.py docs/figures

notebooks: $(STAMP)
	$(BIN)/python notebooks/execute.py

# The site, and everything written in it executed.
docs: $(STAMP)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	$(BIN)/python -m pytest -n auto -m 'pages and not slow'

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else f"Python >= 3.11 is needed, this is {sys.version.split()[0]}: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	touch $(STAMP)

clean:
	rm -rf $(VENV) build
