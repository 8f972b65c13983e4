# On a fresh machine only Python 3.11+ and make are needed: every target sets up .venv itself, once per change of a lock.
# What set-up has to say goes to standard error, so that `make run` can be piped.

PYTHON ?= python3
BIN := .venv/bin
RUN := .venv/run.stamp
DEV := .venv/dev.stamp

.PHONY: run test chaos lint format bench lock clean

run: $(RUN)  ## start the bot on Telegram, or the chat at this terminal where no token is set
	@$(BIN)/semax-bot run

test: lint  ## everything that must hold
	@$(BIN)/semax-bot check content
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile

chaos: $(DEV)  ## kill -9 a bot at 50 random moments (CHAOS=200 for more), and try every time zone over five years
	@CHAOS=$${CHAOS:-50} $(BIN)/python -m pytest tests/telegram/test_e2e_restart.py tests/schedule/test_slots.py -v

lint: $(DEV)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(DEV)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(DEV)
	@$(BIN)/python -m benchmarks

# For maintainers, and the one target that needs uv: resolve anew for Python 3.11 to 3.14 on every platform.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--upgrade --quiet --custom-compile-command 'make lock'
lock:
	@$(LOCK) pyproject.toml --group dev --output-file requirements-dev.lock
	@$(LOCK) pyproject.toml --constraint requirements-dev.lock --output-file requirements.lock
	@$(LOCK) --group build --constraint requirements-dev.lock --output-file requirements-build.lock

clean:
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist

$(RUN): requirements.lock requirements-build.lock pyproject.toml
	@$(call install,-r requirements.lock -r requirements-build.lock)

$(DEV): requirements-dev.lock pyproject.toml
	@$(call install,-r requirements-dev.lock)

# The package itself goes in last, from this checkout, by the pinned build backend and with no further look at the index.
define install
	{ $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "semax-bot needs Python 3.11 or newer, and $(PYTHON) is not. Name another: make $(MAKECMDGOALS) PYTHON=python3.13"; \
		exit 1; \
	}; \
	echo "Setting up .venv, once (less than a minute) ..."; \
	{ test -x $(BIN)/python || $(PYTHON) -m venv .venv; } \
	&& $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes $(1) \
	&& $(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable . \
	&& touch $@; } >&2
endef
