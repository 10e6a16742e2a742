PYTHON ?= python3
BIN := .venv/bin
# Commands that need settings but no instance take those of the tests.
MANAGE := DJANGO_SETTINGS_MODULE=lms.tests.settings $(BIN)/python manage.py
PYTEST := pytest -n auto --dist worksteal
SERVICES := DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/mijlpaal} \
	REDIS_URL=$${REDIS_URL:-redis://127.0.0.1:6379/7}
LOCK := $(BIN)/uv pip compile pyproject.toml --generate-hashes --universal --python-version 3.11 \
	--no-annotate --no-header --quiet
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: advised audit bench develop floors format help lint lock locks messages migrations pictures run setup style \
	test test-services translations types

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

run: ## set up what is missing and run everything with the demo (PORT, DATA_DIR)
	@$(PYTHON) -m lms.bootstrap run

setup: ## set up what running needs, and start nothing
	@$(PYTHON) -m lms.bootstrap setup

develop: ## set up what testing and linting need
	@$(PYTHON) -m lms.bootstrap develop

test: develop ## every test, browser included, on the embedded default
	@$(MANAGE) compile_translations
	@$(BIN)/python -m slipcover -m $(PYTEST)

test-services: develop ## the tests without the browser, and one whole walk in it, on PostgreSQL and Redis
	@$(MANAGE) compile_translations
	@$(SERVICES) $(BIN)/python -m $(PYTEST) -m "not browser or services"

lint: develop style types floors locks migrations translations advised ## everything that is checked without running it

style:
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/djlint --quiet --lint templates

types:
	@$(BIN)/mypy .

floors:
	@$(BIN)/lint-imports --no-cache

locks:
	@$(BIN)/python -m lms.bootstrap.locks

migrations:
	@$(MANAGE) makemigrations --check --dry-run

translations:
	@$(MANAGE) check_translations

advised: # what nobody could be asked about is said, and fails in `make audit` alone
	@$(BIN)/python -m lms.bootstrap.audit || test $$? -eq 2

format: develop ## put everything into the one style
	@$(BIN)/ruff check --fix --exit-zero .
	@$(BIN)/ruff format .
	@$(BIN)/djlint --quiet --reformat templates || true

messages: develop ## gather the texts that wait for Dutch in locale/nl/LC_MESSAGES/django.po
	@$(MANAGE) update_translations

bench: develop ## measure everything and write docs/performance.md, or one thing (NAME=pages ARGS=1000000)
	@$(BIN)/python -m benchmarks$(if $(NAME),.$(NAME)) $(ARGS)

pictures: develop ## draw the pictures of README and guides anew
	@$(BIN)/python -m docs.pictures

audit: develop ## ask the advisory services about everything that is installed (needs a network)
	@$(BIN)/python -m lms.bootstrap.audit

lock: develop ## resolve the newest versions that fit, with their hashes
	@$(LOCK) --upgrade -o requirements.txt
	@$(LOCK) --upgrade -c requirements.txt --group dev -o requirements-dev.txt
