# Two commands do everything: `make demo` and `make test`. Both set up .venv first; a second call
# finds it ready. PYTHON=python3.12 chooses another interpreter (3.11 or newer).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := $(VENV)-peers
BENCH := $(VENV)-bench
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# What comes from an index must have a hash that requirements/*.txt name.
PINNED := --require-hashes -r
COMPILE := uv pip compile --quiet --universal --no-header --upgrade --generate-hashes

.PHONY: demo test render check lint spell types imports pytest accuracy bench pins wheel clean

demo: $(VENV)/.run-ready
	$(BIN)/thaigov demo

test: check pytest

# For the pages of today's site, which scripts fill in: scrapy-playwright, and Chromium beside it.
render: $(VENV)/.run-ready
	$(PIP) $(PINNED) requirements/render.txt
	@command -v chromium >/dev/null || echo "Install Chromium too; on Debian: apt-get install chromium"

check: lint spell types imports

lint: $(VENV)/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

spell: $(VENV)/.dev-ready
	$(BIN)/codespell

types: $(VENV)/.dev-ready
	$(BIN)/mypy

imports: $(VENV)/.dev-ready
	$(BIN)/lint-imports

pytest: $(VENV)/.dev-ready $(PEERS)/.ready
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder

# Precision and recall of each kind of fact on labelled real articles, which are outside the repository.
accuracy: $(VENV)/.dev-ready
	$(BIN)/python -m tests.accuracy --baselines

# What we cost, beside other programs on the same inputs, into docs/performance.md; ARGUMENTS=--quick
# measures little and writes nothing.
bench: $(BENCH)/.ready
	$(BENCH)/bin/python -m benchmarks $(ARGUMENTS)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "thaigov needs Python 3.11 or newer; try: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-ready: requirements/run.txt requirements/fast.txt pyproject.toml | $(BIN)/python
	$(PIP) $(PINNED) requirements/run.txt
	$(PIP) --only-binary :all: $(PINNED) requirements/fast.txt \
	  || echo "nlpo3 has no wheel for this machine: words are cut by newmm, alike but slower"
	$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev-ready: requirements/dev.txt $(VENV)/.run-ready
	$(PIP) $(PINNED) requirements/dev.txt
	@touch $@

# pywb and wacz, which the tests run as programs: their pins conflict with ours.
$(PEERS)/.ready: requirements/peers.txt | $(BIN)/python
	$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check $(PINNED) $< && touch $@ \
	  || echo "pywb and wacz do not install here: tests that need them are skipped (in CI they fail)"

# The program as everybody has it, and the others beside it.
$(BENCH)/.ready: requirements/bench.txt requirements/run.txt requirements/fast.txt pyproject.toml
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check $(PINNED) requirements/run.txt
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check $(PINNED) $<
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: \
	  $(PINNED) requirements/fast.txt || echo "nlpo3 has no wheel for this machine: newmm cuts words"
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation \
	  --no-deps --editable .
	@touch $@

# Resolve the pins anew for every platform and Python we support, with the hashes of all their files;
# needs uv on the PATH.
pins:
	$(COMPILE) --extra browse pyproject.toml requirements/build.in -o requirements/run.txt
	$(COMPILE) requirements/fast.in -o requirements/fast.txt
	$(COMPILE) requirements/render.in --constraint requirements/run.txt -o requirements/render.txt
	$(COMPILE) requirements/export.in --constraint requirements/run.txt -o requirements/export.txt
	$(COMPILE) requirements/cluster.in --constraint requirements/run.txt -o requirements/cluster.txt
	$(COMPILE) requirements/mcp.in --constraint requirements/run.txt -o requirements/mcp.txt
	$(COMPILE) requirements/wacz.in --constraint requirements/run.txt -o requirements/wacz.txt
	$(COMPILE) requirements/attachments.in --constraint requirements/run.txt \
	  -o requirements/attachments.txt
	$(COMPILE) --group dev requirements/render.in requirements/export.in requirements/cluster.in \
	  requirements/mcp.in requirements/attachments.in --constraint requirements/run.txt \
	  -o requirements/dev.txt
	$(COMPILE) --python-version 3.11 requirements/peers.in -o requirements/peers.txt
	$(COMPILE) --group bench --constraint requirements/run.txt -o requirements/bench.txt

wheel: $(VENV)/.dev-ready
	$(BIN)/python -m pip wheel --quiet --no-build-isolation --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) $(PEERS) $(BENCH) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
