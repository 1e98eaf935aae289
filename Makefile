# Every command sets up what it needs first. Nothing has to be installed but Python 3.11, its venv module and make.
PYTHON ?= python3
export PORT ARGS

.DEFAULT_GOAL := help
.PHONY: help run setup test lint bench seed pictures lock

help: ## this list
	@sed -n 's/^\([a-z]*\): ## /  make \1	/p' $(MAKEFILE_LIST)

run: ## set up and serve http://localhost:8000/ with demo letters (PORT=8001 moves it); Ctrl-C stops it
	@$(PYTHON) -m bootstrap run

setup: ## only prepare the environment
	@$(PYTHON) -m bootstrap setup

test: ## set up and run every test (ARGS="tests/house -x" narrows it)
	@$(PYTHON) -m bootstrap test

lint: ## ruff, bandit, mypy, djlint, migrations, Django's deployment checks, locked hashes
	@$(PYTHON) -m bootstrap lint

bench: ## what the site costs, as ratios to what the machine can do
	@$(PYTHON) -m bootstrap bench

seed: ## put the demo letters into the database of 'make run'
	@$(PYTHON) -m bootstrap seed

pictures: ## screenshots for docs/
	@$(PYTHON) -m bootstrap pictures

lock: ## resolve requirements.in and requirements-dev.in anew, with hashes
	@$(PYTHON) -m bootstrap lock
