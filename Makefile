# Every recipe sets up what it needs. `make` alone lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
export HOCVU_HOME ?= $(CURDIR)/var
CATALOGUES := $(shell find src/hocvu -name 'django.po' 2>/dev/null)

.PHONY: help demo test check fix dev map bench lock screenshots guides clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: .venv/.main .venv/.catalogues .venv/.fonts ## set up everything, rehearse the four events, serve http://127.0.0.1:8000
	@$(BIN)/hocvu demo

test: .venv/.dev .venv/.catalogues .venv/.browser .venv/.schemas ## set up whatever is missing and run every test
	$(BIN)/python -m pytest

check: .venv/.dev .venv/.catalogues ## style, types, floors, templates, migrations, map
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --quiet --lint src
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python scripts/map.py --check

fix: .venv/.dev ## mend what a machine can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python scripts/map.py

dev: .venv/.dev .venv/.catalogues ## the site with reloading, on the data of `make demo`
	HOCVU_DEBUG=1 $(BIN)/python manage.py runserver 127.0.0.1:8000

map: .venv/.dev ## draw docs/map.md and show what has grown too large
	$(BIN)/python scripts/map.py

bench: .venv/.dev .venv/.catalogues ## measure every claim (ONLY=name for one) into bench/results/
	$(BIN)/python -m bench $(ONLY)

screenshots: .venv/.dev .venv/.catalogues .venv/.browser ## docs/screenshots/ from a fresh rehearsal
	$(BIN)/python scripts/screenshots.py

lock: .venv/bin/python ## resolve the dependencies anew into requirements/*.txt
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml -o requirements/main.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra dev --constraint requirements/main.txt pyproject.toml requirements/build.in -o requirements/dev.txt

clean: ## remove the data folder and the environment
	rm -rf .venv var

.venv/bin/python:
	$(PYTHON) -m venv .venv || { scripts/system_packages python3-venv && $(PYTHON) -m venv .venv; }

.venv/.main: .venv/bin/python requirements/main.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/main.txt
	@echo $(CURDIR)/src > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')/hocvu.pth"
	@printf '#!%s/.venv/bin/python\nfrom hocvu.config.cli import main\nmain()\n' "$(CURDIR)" > $(BIN)/hocvu && chmod +x $(BIN)/hocvu
	@touch $@

.venv/.dev: .venv/.main requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.browser: .venv/.dev scripts/system_packages
	scripts/system_packages chromium poppler-utils libnss3-tools softhsm2 qpdf fonts-croscore || $(BIN)/playwright install chromium
	@touch $@

.venv/.fonts: .venv/.main scripts/system_packages
	@scripts/system_packages fonts-croscore || echo "Documents are set in the program's own typeface."
	@touch $@

# The official schema of Open Badges 3.0 travels in the source archive of a package, in no wheel.
.venv/.schemas: .venv/.dev
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary openbadgeslib --dest .venv/schemas openbadgeslib==4.6.3
	@touch $@

.venv/.catalogues: .venv/.main $(CATALOGUES)
	$(BIN)/python manage.py compilecatalogues > /dev/null
	@touch $@
