# Everything is set up by the targets themselves, in .venv, from the hashed pins in constraints.txt.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: run test lint constraints accuracy

run: $(STAMP)
	$(BIN)/tracker run

test: $(STAMP)
	$(BIN)/pytest

lint: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tracker.knowledge.check

# Measures anew what docs/accuracy.md says below its marker; on every machine the same.
accuracy: $(STAMP)
	sed -i.old '/^<!-- make accuracy -->$$/q' docs/accuracy.md && rm docs/accuracy.md.old
	$(BIN)/tracker evaluate tests/data/gold --format markdown >> docs/accuracy.md

# Resolves anew; the file holds hashes and no index address.
constraints: $(STAMP)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11.5 --generate-hashes --no-emit-index-url \
	    --no-header --extra dev --output-file constraints.txt pyproject.toml

$(STAMP): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11, 5) else "Python 3.11.5 or newer is needed, this is " + sys.version.split()[0] + ": make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
