# Everything that this project is asked to do from a terminal.
# Set-up needs python3 (3.11 or newer) and make; it brings the rest.

PYTHON ?= python3
SETUP = command -v $(PYTHON) >/dev/null || \
	{ echo "Python 3.11 or newer is needed: install python3, or name one with PYTHON=..."; exit 1; }; \
	$(PYTHON) -m setup.bootstrap
RUN = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup assets demo test soak bench run lint format types messages clean

help: ## list every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make this clone ready to run
	@$(SETUP)

assets: setup ## build the style sheet again after a change

demo: setup ## the whole portal with demonstration data on http://localhost:8000 (PORT=8001)
	@exec $(RUN) -m setup.demo

run: setup ## the development server alone, with your own empty database
	@$(RUN) -m setup.prepare
	@exec $(RUN) manage.py runserver $(PORT)

test: setup-tests ## every check and every test, on both sets of services (ONLY=tests/mou)
	@exec $(RUN) -m setup.test $(ONLY)

soak: setup-tests ## the long counts: fuzzing, kills, races (SOAK_MINUTES=15)
	@exec $(RUN) -m setup.soak

bench: setup-tests ## the measurements, as ratios (ONLY=triage, BENCH_REPORTS=1000000)
	@exec $(RUN) -m bench $(ONLY)

lint: setup-tests ## what the linter finds
	@$(RUN) -m ruff check .

format: setup-tests ## format the code
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .

types: setup-tests ## check the types
	@$(RUN) -m mypy

messages: setup-tests ## bring the translation catalogues up to date
	@$(RUN) -m setup.messages

clean: ## remove what set-up made; keeps var/
	rm -rf .venv .tools node_modules static-build .mypy_cache .pytest_cache .ruff_cache .hypothesis

.PHONY: setup-tests
setup-tests:
	@$(SETUP) --tests
