# Marquee. `make` alone tells what there is.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/tool/bin/uv
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
CODE := registry storage licenses workers client bench tests wsgi.py
# What ships is typed strictly; the client has a configuration of its own only for packing.
TYPED := registry storage licenses workers client/marquee_client tests/services.py wsgi.py
# The first Python that has wheels for everything, then any that is new enough.
CHOOSE := for p in python3 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& { echo "$$p"; exit; }; done; \
	for p in python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' 2>/dev/null \
	&& { echo "$$p"; exit; }; done

##@ Use

.PHONY: help
help:  ## Show this
	@awk 'BEGIN {FS = ":.*## "} \
	/^##@ / {printf "\n%s\n", substr($$0, 5)} \
	/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(VENV)/installed  ## Start Marquee with all it needs: HOST, PORT, MARQUEE_HOME
	@exec $(PY) -m registry run

.PHONY: demo
demo: $(VENV)/installed  ## Fill the running Marquee with a believable catalogue
	@exec $(PY) -m registry.demo

##@ Work

.PHONY: test
test: $(VENV)/installed-dev  ## Run the tests: T=path for some, SLOW=1 for the slow ones too
	$(PY) -m pytest -n $(CORES) $(DISTRIBUTED) $(if $(SLOW),,-m "not slow") $(T)

# The tests of a file share what is slow to start, so they stay in one worker; in the files' order,
# which begins with the slowest. (Grouping by mark does nothing with pytest 9.2 and xdist 3.8.)
DISTRIBUTED := --dist loadfile --no-loadscope-reorder

.PHONY: check
check: format-check lint imports types lock docs test  ## Everything a change must pass

.PHONY: format
format: $(VENV)/installed-dev  ## Format the code
	$(PY) -m ruff format $(CODE)
	$(PY) -m ruff check --fix-only --quiet $(CODE)

.PHONY: format-check
format-check: $(VENV)/installed-dev
	$(PY) -m ruff format --check $(CODE)

.PHONY: lint
lint: $(VENV)/installed-dev  ## Look for mistakes
	$(PY) -m ruff check $(CODE)

.PHONY: imports
imports: $(VENV)/installed-dev  ## See that nobody knows whom they must not
	$(VENV)/bin/lint-imports

.PHONY: types
types: $(VENV)/installed-dev  ## Check the types
	MYPYPATH=.:client $(PY) -m mypy --explicit-package-bases $(TYPED)

.PHONY: docs
docs: $(VENV)/installed-dev  ## See that the documents name only what exists
	$(PY) -m pytest -q -n 0 tests/docs

.PHONY: bench
bench: $(VENV)/installed-dev  ## Measure, and print the table of docs/performance.md
	$(PY) -m bench

.PHONY: screenshots
screenshots: $(VENV)/installed-dev  ## Take the pictures of the README from real pages
	$(PY) -m tests.browser.screenshots docs/pictures --readme

##@ Keep

.PHONY: migrate
migrate: $(VENV)/installed  ## Bring the database up to date
	$(PY) -m registry migrate

.PHONY: migration
migration: $(VENV)/installed-dev  ## Write a migration from the models: M="what it does"
	@test -n "$(M)" || { echo 'Say what it does: make migration M="listings get a summary"'; exit 2; }
	$(PY) -m registry migration "$(M)"

.PHONY: openapi
openapi: $(VENV)/installed  ## Write docs/api/openapi.json from the code
	$(PY) -m registry openapi

.PHONY: deps
deps: $(VENV)/installed-dev  ## Compile both lock files: UPGRADE=1 for newer versions
	$(UV) pip compile $(COMPILE) $(if $(UPGRADE),--upgrade) requirements.in -o requirements.txt
	$(UV) pip compile $(COMPILE) $(if $(UPGRADE),--upgrade) requirements-dev.in -o requirements-dev.txt

COMPILE := --universal --python-version 3.11 --generate-hashes --quiet

.PHONY: lock
lock: $(VENV)/installed-dev  ## See that the lock files install on every platform named
	@for platform in x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu aarch64-apple-darwin; do \
	for version in 3.11 3.13; do \
	echo "requirements.txt on $$platform with Python $$version"; \
	$(UV) pip install --quiet --dry-run --require-hashes --only-binary :all: --no-deps \
	--python-platform $$platform --python-version $$version --target $(VENV)/nowhere \
	-r requirements.txt || exit 1; done; done

.PHONY: clean
clean:  ## Remove what can be made again; never the data in ./var
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find registry storage licenses workers client bench tests -name __pycache__ -prune -exec rm -rf {} +

# The environment. Both stamps are newer than their lock file when there is nothing to do.

$(VENV)/installed: requirements.txt | $(UV)
	@echo "Installing what Marquee runs on"
	@$(call install,requirements.txt)
	@rm -f $(VENV)/installed-dev
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt requirements.txt | $(UV)
	@echo "Installing what Marquee is built and tested with"
	@$(call install,requirements-dev.txt)
	@touch $(VENV)/installed $@

# What is there already stays, so that `make run` takes nothing from `make test`. uv is the fast way;
# pip the one that knows an index configured only for pip. Compiled at once, for many processes will
# import the same, and some environments forbid Python to keep what it compiled.
install = $(UV) pip install --quiet --require-hashes --compile-bytecode --python $(PY) -r $(1) \
	|| $(PY) -m pip install --quiet --require-hashes -r $(1)

# uv itself, from the lock with its hashes, beside the environment that it fills.
$(UV): | $(PY)
	@sed -n '/^uv==/,/^[^ ]/{/^uv==/p;/^ .*--hash/p;}' requirements-dev.txt > $(VENV)/uv.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	--target $(VENV)/tool -r $(VENV)/uv.txt

$(PY):
	@python=$$($(CHOOSE)); \
	test -n "$$python" || { echo "Marquee needs Python 3.11 or newer, and found none."; exit 1; }; \
	echo "Making the environment with $$($$python --version)"; \
	$$python -m venv $(VENV) || { rm -rf $(VENV); \
	echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
