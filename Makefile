# Everything a newcomer needs: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PY ?= python3
V := .venv
export UV_SYSTEM_CERTS ?= true
export UV_PYTHON_DOWNLOADS ?= never
.DEFAULT_GOAL := help
.PHONY: help run test rules lint fmt contracts packs bench campaign lock check

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The environment, from the lock file alone. Only uv itself is installed without a hash.
$(V)/.ok: requirements.lock pyproject.toml
	@echo "setting up $(V) (once; about 10 s with a warm cache, a minute without) ..."
	@test -x $(V)/bin/python || $(PY) -m venv $(V)
	@$(V)/bin/python -m pip install -q --disable-pip-version-check "$$(sed -n 's/^\(uv==[0-9.]*\).*/\1/p' requirements.lock)"
	@$(V)/bin/uv pip sync -q -p $(V)/bin/python --require-hashes requirements.lock
	@$(V)/bin/uv pip install -q -p $(V)/bin/python --no-deps --no-build-isolation -e .
	@touch $@

lock: ## Resolve requirements.lock again from pyproject.toml (hashed, universal, no host names)
	@test -x $(V)/bin/uv || { $(PY) -m venv $(V) && $(V)/bin/python -m pip install -q "$$(sed -n 's/^    "\(uv==[0-9.]*\)",$$/\1/p' pyproject.toml)"; }
	$(V)/bin/uv pip compile -q --universal -p 3.11 --generate-hashes --no-header --group dev pyproject.toml -o requirements.lock
