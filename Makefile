# Two commands are enough: `make run` and `make test`. The rest is for those who change Kuliss.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help install install-dev run test check guards lint style bench lock catalogues chromium test-faults fuzz-api bench-faults bench-publish FORCE

export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := 1
export VIRTUAL_ENV := $(CURDIR)/.venv
export PYTHONUNBUFFERED := 1
# Compiled modules are kept, whatever the environment says: starting is three times as fast.
export PYTHONDONTWRITEBYTECODE :=
ifneq ($(origin HOST), undefined)
export HOST
endif
ifneq ($(origin PORT), undefined)
export PORT
endif
ifneq ($(origin DATA_DIR), undefined)
export DATA_DIR
endif

UV := .venv/bin/uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

help: ## What can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

# An environment that was moved, or whose Python went away, is made again.
ifneq ($(shell test "$$(cat .venv/home 2>/dev/null)" = "$(CURDIR)" && .venv/bin/python -c '' 2>/dev/null && echo whole), whole)
.venv/boot.stamp: FORCE
endif
.venv/boot.stamp: requirements-boot.lock tools/environment.sh
	@bash tools/environment.sh
	@touch $@

.venv/project.stamp: .venv/boot.stamp pyproject.toml
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/run.stamp: .venv/boot.stamp requirements.lock
	@echo "Installing what Kuliss needs ..."
	@$(UV) pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
	@touch $@

.venv/dev.stamp: .venv/boot.stamp requirements-dev.lock
	@echo "Installing what the tests need ..."
	@$(UV) pip install --quiet --compile-bytecode --require-hashes -r requirements-dev.lock
	@touch $@ .venv/run.stamp

install: .venv/run.stamp .venv/project.stamp ## The environment for running
install-dev: .venv/dev.stamp .venv/project.stamp ## The environment for changing and testing

run: install ## Pages, API, clock and the practice network; HOST, PORT and DATA_DIR may be given
	@exec .venv/bin/kuliss serve --with-practice

# Floors and types are looked at beside the tests, because mypy alone would leave a core idle; what they say comes
# last. The house's own rules (tests/test_house.py) are among the tests.
test: install-dev chromium lint ## Everything: guards, SQLite, PostgreSQL, a real browser
	@said=$$(mktemp); trap 'rm -f $$said' EXIT; \
	{ .venv/bin/lint-imports --no-logo && .venv/bin/mypy; } >$$said 2>&1 & guards=$$!; \
	result=0; .venv/bin/pytest -n 4 --dist worksteal $(PYTEST) || result=$$?; \
	wait $$guards || { [ $$result != 0 ] || result=1; echo "Floors or types do not fit:"; }; \
	cat $$said; exit $$result

test-faults: install-dev ## Every fault at every step, for every kind of content; takes an hour or more
	@FAULTS=all .venv/bin/pytest -n 2 tests/faults $(PYTEST)

fuzz-api: install-dev ## The whole API asked what it did not expect, on both databases; FUZZ_API=200 for each address
	@FUZZ_API=$${FUZZ_API:-200} .venv/bin/pytest -q -n 2 --timeout 0 tests/api/test_fuzz.py $(PYTEST)

check: install-dev guards ## The guards alone: style, types, floors, sizes

guards: style
	@.venv/bin/mypy

lint:
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check --quiet . || { echo "Run: .venv/bin/ruff format ."; exit 1; }

style: lint
	@.venv/bin/lint-imports --no-logo
	@.venv/bin/pytest -q -p no:xdist tests/test_house.py

chromium:
	@bash tools/chromium.sh

bench: install-dev chromium ## The figures of tests/benchmarks
	@.venv/bin/python -m tests.benchmarks $(BENCH)

bench-faults: install-dev ## Lost, seen twice, wrongly recorded, asked: after a hundred kills and many lost answers
	@.venv/bin/python -m tests.benchmarks faults

bench-publish: install-dev chromium ## How late posts are: alone, in crowds, beside people, beside a page that hangs
	@.venv/bin/python -m tests.benchmarks publishing crowds going_out

lock: .venv/boot.stamp ## Lock the dependencies again, with hashes; LOCK=--upgrade for newer ones
	@$(COMPILE) $(LOCK) --extra s3 pyproject.toml -o requirements.lock
	@$(COMPILE) $(LOCK) -c requirements.lock --extra s3 pyproject.toml --group dev -o requirements-dev.lock
	@$(COMPILE) $(LOCK) -c requirements-dev.lock --group boot -o requirements-boot.lock

catalogues: install-dev ## Bring app/locale up to date with the sentences in the code
	@.venv/bin/python tools/catalogues.py
