# make run    set up what is missing, then start Beatwise
# make test   set up what is missing, then run the tests
# make help   the rest

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test test-install test-bluetooth test-pi test-faults test-soak validate bench check format lock screenshots bundle deb help clean

run: $(VENV)/.run  ## start Beatwise; ARGS="live --source sim:7" passes arguments on
	@$(BIN)/beatwise $(ARGS)

# Three at once on two cores: much of a test is waiting for a terminal, a signal, a second to pass.
test: $(VENV)/.dev  ## every test that needs no virtual machine and installs nothing
	@$(BIN)/python -m pytest -n 3 --ignore tests/test_deploy_install.py $(ARGS)

test-install: $(VENV)/.dev  ## install.sh for real, on a disposable overlay of this machine; as root; two minutes
	@$(BIN)/python -m pytest -n 2 tests/test_deploy_install.py $(ARGS) || [ $$? -eq 5 ]  # 5: it skipped, and said why

test-bluetooth: $(VENV)/.run  ## the real bluetoothd in a virtual machine; as root; ARGS="first_beats" for one scenario
	@$(BIN)/python tests/vm/run.py $(ARGS)

test-pi: $(VENV)/.run  ## an emulated arm64 device: installed, measuring, killed, hung, its plug pulled; as root; a quarter of an hour at least
	@$(BIN)/python tests/vm/pi.py $(ARGS)

test-faults: $(VENV)/.dev  ## kill -9, power cuts, full and slow disks, clocks that jump; four minutes; needs a C compiler
	@$(BIN)/python tests/faults/run.py $(ARGS)

test-soak: $(VENV)/.dev  ## a simulated day of a gym with 30 straps: nothing grows; some ten minutes
	@$(BIN)/python -m pytest -q -s tests/soak/a_day.py $(ARGS)

validate: $(VENV)/.peers  ## markings and figures against annotated recordings and other libraries
	@$(BIN)/python tests/validation/run.py
	@$(BIN)/python -m pytest -q tests/test_hrv_peers.py $(ARGS)

bench: $(VENV)/.peers  ## time and memory as ratios to other libraries; ARGS=--board for the board alone
	@$(BIN)/python tests/bench/run.py $(ARGS)

check: $(VENV)/.dev  ## format, lint, types, import contracts, spelling
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/codespell

format: $(VENV)/.dev  ## put the code into its form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bundle:  ## everything a Pi needs without a network: dist/beatwise-VERSION; ARGS="--sign KEY --python 3.13"
	@$(PYTHON) deploy/bundle.py $(ARGS)

MACHINE ?= $(shell uname -m)
deb:  ## a Debian package for one kind of machine, dist/beatwise_VERSION_ARCH.deb; MACHINE=aarch64 for a Pi
	@rm -rf dist/deb
	@$(PYTHON) deploy/bundle.py --machine $(MACHINE) --out dist/deb >/dev/null
	@deploy/deb/build.sh dist/deb/beatwise-*/ dist

screenshots: $(VENV)/.run  ## draw the pictures anew; those of the Linux console need console-setup-linux
	@$(BIN)/python docs/screenshots.py
	@$(BIN)/python docs/schematics.py
	@$(BIN)/python docs/console_screens.py

lock: $(VENV)/.dev  ## solve the dependencies anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" pyproject.toml --group build -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" pyproject.toml --group build --group dev -o requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" tests/vm/requirements.in -o tests/vm/requirements.txt
	@# neurokit2 takes no setuptools from 82 on; everything else is what the tests run with.
	sed '/^setuptools==/,/# via/d' requirements-dev.txt | \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" pyproject.toml --group peers \
	  --constraint - -o requirements-peers.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" pyproject.toml deploy/requirements.in \
	  --constraint requirements-dev.txt -o deploy/requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --group build \
	  --constraint requirements-dev.txt -o deploy/requirements-build.txt

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/make \1\t\2/p' Makefile | expand -t 24

clean:  ## forget the venv and everything made
	rm -rf $(VENV) .vm .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# One line when the machine lacks something, before anything is made.
$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Beatwise needs Python 3.11 or newer: sudo apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Beatwise needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V). Choose another: make PYTHON=python3.13 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing: sudo apt install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	@$(PIP_INSTALL) --require-hashes -r requirements.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.peers: requirements-peers.txt $(VENV)/.dev
	@$(PIP_INSTALL) --require-hashes -r requirements-peers.txt
	@touch $@
