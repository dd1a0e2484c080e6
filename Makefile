# Two commands: `make serve` and `make test`. The rest is what they are made of.
export PYTHONDONTWRITEBYTECODE := 1
PORT ?= 8000
DATA_DIR ?= $(CURDIR)/var
PYTHON ?= python3
BIN := .venv/bin
MESSAGES := $(wildcard locale/*/LC_MESSAGES/django.po locale/libraries/*/LC_MESSAGES/django.po)
STATIC := $(shell find static -type f)
export DATA_DIR

.PHONY: serve test lint bench screenshots messages lock clean

serve: .venv/site $(DATA_DIR)/messages $(DATA_DIR)/secret_key $(DATA_DIR)/collected
	@PORT=$(PORT) $(BIN)/python -m config.serve

test: .venv/test $(DATA_DIR)/messages lint
	SECRET_KEY=only-for-tests $(BIN)/pytest -n 2 --dist loadgroup

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: .venv/test $(DATA_DIR)/messages
	$(BIN)/python -m tests.bench

screenshots: .venv/test $(DATA_DIR)/messages
	$(BIN)/python -m tests.screenshots

# System libraries, the environment and the pinned packages. Each is done once, and again when its list changes.
.venv/system: .ci/system-packages
	sh .ci/install-system serve
	@mkdir -p .venv && touch $@

.venv/bin/uv: .venv/system requirements/uv.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/site: .venv/bin/uv requirements/site.txt
	test -e .venv/test || $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/site.txt requirements/uv.txt
	@touch $@

.venv/test: .venv/bin/uv requirements/test.txt
	sh .ci/install-system test
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/test.txt requirements/uv.txt
	@touch $@ .venv/site

$(DATA_DIR)/messages: .venv/bin/uv $(MESSAGES)
	@mkdir -p $(DATA_DIR)
	for po in $(MESSAGES); do msgfmt -o "$${po%.po}.mo" "$$po" || exit 1; done
	@touch $@

$(DATA_DIR)/secret_key:
	@mkdir -p $(DATA_DIR)
	@umask 077 && $(PYTHON) -c "import secrets; print(secrets.token_urlsafe(50))" > $@

$(DATA_DIR)/collected: .venv/site $(DATA_DIR)/secret_key $(STATIC)
	@echo "Collecting static files ..."
	@SECRET_KEY="$$(cat $(DATA_DIR)/secret_key)" $(BIN)/python manage.py collectstatic --noinput -v0
	@touch $@

# For developers: new strings, new pins.
messages: .venv/test
	DEBUG=1 $(BIN)/python manage.py makemessages -l ms -l ta -l zh_Hans --no-location --no-obsolete -i .venv -i var -i "tests/*"
	DEBUG=1 $(BIN)/python manage.py collect_library_messages

lock: .venv/bin/uv
	$(BIN)/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes -o requirements/site.txt
	$(BIN)/uv pip compile -q pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes \
		-c requirements/site.txt -o requirements/test.txt

clean:
	rm -rf .venv var
