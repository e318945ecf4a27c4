# ghostproof: the few commands a newcomer needs. Everything else is `ghostproof --help`.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SEEDS ?=
DAYS ?=

# The newest of these that is at least 3.11; or say it yourself: make PYTHON=/path/to/python3.12 test
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3.14 python3 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$name; break; }; done)

.PHONY: help demo test simulate mutants torture incidents check browser clean

help: ## Show this list.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

demo: $(STAMP) browser ## Run the whole program against a local forum and a local model.
	@$(BIN)/ghostproof demo

test: $(STAMP) browser ## Run every test, and the linters and type checker as tests.
	@$(BIN)/python -m pytest

ROUNDS ?= 10
SEED ?= 1
simulate: $(STAMP) ## Play SEEDS bad days of production code in virtual time, or with DAYS so many ordinary ones.
	@$(BIN)/python -m tests.simulation $(if $(SEEDS),--seeds $(SEEDS)) $(if $(DAYS),--days $(DAYS))

mutants: $(STAMP) ## Put bugs into the code on purpose; print the seed, history or test that caught each.
	@$(BIN)/python -m tests.simulation.mutants

torture: $(STAMP) browser ## Kill workers, browsers and databases for ROUNDS rounds; print the figures.
	@$(BIN)/python -m tests.torture --rounds $(ROUNDS) --seed $(SEED)

incidents: $(STAMP) browser ## Bring about one incident of each kind; tell each by `ghostproof why`.
	@$(BIN)/python -m tests.torture.incidents

check: $(STAMP) ## Lint, check the format, the types and the import rules.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

browser: $(STAMP)
	@$(BIN)/python scripts/ensure_chromium.py

clean: ## Remove what was installed and cached here; your data in .ghostproof stays.
	rm -rf $(VENV) build dist *.egg-info .coverage
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -not -path './.ghostproof/*' -prune -exec rm -rf {} +

$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and none was found;" \
		"install one, or name it: make PYTHON=/path/to/python3.11 test" >&2; exit 1; }
	@echo "installing into $(VENV) with $(PYTHON), a minute or two the first time"
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "no virtual environment could be made; on Debian: apt-get install python3-venv" >&2; \
		exit 1; }
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar off -e '.[dev]'
	@touch $@
