# make demo   set everything up, run the main job for real, go on serving
# make test   every test, on embedded defaults
.DEFAULT_GOAL := help
SHELL := bash
PYTHON_ENV := .venv/bin/python
.PHONY: help setup demo test lint bench api-schema doctor messages screenshots

help: ## Say what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

.venv/.ready: pyproject.toml constraints.txt scripts/setup.sh
	@scripts/setup.sh

setup: .venv/.ready ## Make the environment and install what is needed

demo: .venv/.ready ## Set up, prove the path with a right and a wrong submission, serve (ONCE=1: exit after the proof)
	@$(PYTHON_ENV) -m scripts.demo $(if $(ONCE),--once)

test: .venv/.ready ## Run every test: in parallel, then alone what starts the stack or judges speed
	@scripts/test.sh $(ARGS)

lint: .venv/.ready ## ruff, mypy strict, import contracts
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports

bench: .venv/.ready ## Measure the figures of docs/benchmarks.md on this machine (BENCH=name for one)
	@$(PYTHON_ENV) -m benchmarks $(BENCH)

api-schema: .venv/.ready ## Write docs/openapi.yaml and docs/api.http anew from the views
	@$(PYTHON_ENV) manage.py spectacular --file docs/openapi.yaml --validate --fail-on-warn
	@$(PYTHON_ENV) -m scripts.http_file docs/openapi.yaml docs/api.http

messages: .venv/.ready ## Collect every text that can be translated in locale/django.pot (needs gettext)
	@$(PYTHON_ENV) manage.py makemessages --keep-pot --locale en --add-location file --no-wrap \
		--ignore tests --ignore 'var' --ignore '.venv' && rm -rf locale/en && test -s locale/django.pot

screenshots: .venv/.ready ## Make the pictures of docs/screenshots anew (needs Chromium)
	@$(PYTHON_ENV) -m scripts.screenshots

doctor: .venv/.ready ## Say what this machine can and cannot do
	@$(PYTHON_ENV) -m sandbox.doctor
