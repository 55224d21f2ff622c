# Everything one does with this checkout. `make help` lists it.
SHELL := /bin/sh
.DEFAULT_GOAL := help

# 8000 also if PORT is set but empty.
override PORT := $(or $(strip $(PORT)),8000)
PYTHON ?= python3
BIN := .venv/bin
# zlib-ng, if `make zlib` compiled it, replaces the machine's zlib: PNGs are written in half the time.
ZLIB := $(wildcard build/zlib-ng/this)
# Zappa insists on an active virtual environment.
ZAPPA := VIRTUAL_ENV="$$PWD/.tools" .tools/bin/python .tools/bin/zappa
# RERUNS=1, of .ci/run, tries a test that fails once more, and names it: a defect fails twice, a machine that stood still
# does not.
RERUN := $(if $(RERUNS),--reruns $(RERUNS) -r aR)
# What `make lock` writes besides requirements.txt.
LOCKS := dev hosting deploy aws checkov zlib audit mutants site
# Checked before it is used: a Python that is new enough and has pip.
NEEDS_PYTHON = $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
  echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12"; exit 1; }; \
  $(PYTHON) -m pip --version >/dev/null 2>&1 || { \
  echo "pip is needed: apt-get install python3-pip, or $(PYTHON) -m ensurepip."; exit 1; }
# install(PYTHON,LOCK): uv takes a second for what takes pip half a minute. Where pip alone is set up to find packages, it
# does it.
install = { $(BIN)/uv pip install --quiet --require-hashes --python $(1) -r $(2) 2>/dev/null || $(PYTHON) -m pip --python $(1) \
  install --quiet --no-compile --disable-pip-version-check --require-hashes -r $(2); }
# gunicorn.conf.py has the rest.
GUNICORN := $(if $(ZLIB),LD_LIBRARY_PATH="$$PWD/$(ZLIB)") $(BIN)/python -m gunicorn imageservice.wsgi --bind 127.0.0.1:$(PORT)
TELL_WHERE = echo "Serving on http://127.0.0.1:$(PORT)$(if $(filter images,$(PLANE)),, - the admin is at /admin/); Ctrl-C stops it."

.PHONY: help run dev setup hosting check test lint types architecture dependencies migrations pytest changed faults coverage audit licences explore fuzz test-aws mutants attack conformance differential fidelity faces crops docs site screenshots rooms clean lock release tools package zlib bench deploy rotate rollback destroy .stage .port .pytest-pictures .pytest-programs .pytest-rest

help: ## Show this list.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

run: .venv/run .port setup ## Set up everything and serve on http://127.0.0.1:8000; PORT=9000 changes the port.
	@$(TELL_WHERE)
	@exec env $(GUNICORN)

dev: .venv/run .port setup ## Serve like make run, and restart when the code changes.
	@$(TELL_WHERE)
	@exec env $(GUNICORN) --reload

# Checked before anything is set up.
.port: .venv/run
	@$(BIN)/python -c 'import socket, sys; port = int(sys.argv[1]); port or sys.exit(1); socket.create_server(("127.0.0.1", port))' "$(PORT)" \
	  2>/dev/null || { echo "The port $(PORT) cannot be had: another program has it, only root may have it, or it is no number from" \
	  "1 to 65535. Name another: PORT=9000 make $(or $(firstword $(MAKECMDGOALS)),run)"; exit 1; }

# Without PLANE, because PLANE=images has no database to prepare.
setup: .venv/run ## Prepare the database, the admin's static files and the samples, without serving.
	@echo "Preparing the database..."
	@env -u PLANE $(BIN)/python manage.py migrate --verbosity 0
	@echo "Collecting the admin's static files..."
	@env -u PLANE $(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@env -u PLANE $(BIN)/python manage.py demo

# As a production, so that no secret is made and nothing is written but what all processes read: the service's own files are
# read-only where it runs, and what Python compiles has to be there.
hosting: .venv/hosting zlib ## Make this checkout ready for systemd or a container.
	@echo "Collecting the admin's static files..."
	@ENVIRONMENT=production PLANE=admin $(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@$(BIN)/python -m compileall -q aliases imageservice rendering manage.py gunicorn.conf.py

check: .venv/test lint types architecture migrations changed ## Check lint, types, architecture, migrations and the tests of what changed, in a minute.

test: .venv/test lint types architecture dependencies migrations pytest ## Set up everything and run every check, in order.

lint: .venv/test ## Check format, lint (ruff) and spelling (typos).
	@echo "Checking format, lint and spelling (ruff, typos)..."
	@$(BIN)/ruff format --check --quiet . || { echo "Run: .venv/bin/ruff format ."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/typos --format brief || { echo "What is no slip is listed in pyproject.toml, under tool.typos."; exit 1; }

types: .venv/test ## Check types (mypy).
	@echo "Checking types (mypy)..."
	@$(BIN)/python -m mypy --no-error-summary .

architecture: .venv/test ## Check which room imports which (import-linter).
	@echo "Checking which room imports which (import-linter)..."
	@said=$$($(BIN)/python $(BIN)/lint-imports --no-cache 2>&1) || { echo "$$said"; exit 1; }

dependencies: .venv/test ## Check that what is imported is required, and what is required is imported (deptry).
	@echo "Checking which dependencies are used (deptry)..."
	@said=$$($(BIN)/python -W ignore -m deptry . --config deptry.toml 2>&1) || { echo "$$said"; exit 1; }

audit: build/audit/ready ## Ask whether a locked dependency has a known vulnerability (pip-audit).
	@echo "Asking for known vulnerabilities (pip-audit)..."
	@said=$$(build/audit/bin/python -m pip_audit --strict --disable-pip --require-hashes --progress-spinner off \
	    -r requirements-dev.txt -r requirements-hosting.txt -r requirements-deploy.txt -r requirements-aws.txt -r requirements-checkov.txt -r requirements-zlib.txt -r requirements-audit.txt -r requirements-mutants.txt -r requirements-site.txt 2>&1) \
	  || case "$$said" in \
	    *"could not be audited"* | *ConnectionError*) echo "What is known of vulnerabilities cannot be had here: nothing was audited."; \
	      test -z "$(REQUIRE_AUDIT)";; \
	    *) echo "$$said"; exit 1;; esac

licences: .venv/test ## List the licences of all locked packages; one that is not allowed is a failure.
	@for name in $(LOCKS); do $(BIN)/uv pip install --quiet --no-deps --require-hashes --python-version 3.13 \
	    --target build/.licences/$$name -r requirements-$$name.txt || exit 1; done
	@$(BIN)/python -m deploy.package.licences $(addprefix build/.licences/,$(LOCKS))

migrations: .venv/test ## Check that no migration is missing.
	@echo "Checking that migrations are complete..."
	@$(BIN)/python manage.py makemigrations --check --dry-run --verbosity 0 || { \
	  echo "A migration is missing. Run: .venv/bin/python manage.py makemigrations aliases"; exit 1; }

# All parts at once: they wait more than they compute. What each says is shown when it ends.
pytest: .venv/test ## Run the tests: those of the data plane without a database, and all others, at the same time.
	@$(MAKE) --no-print-directory --jobs 3 --output-sync=target --keep-going .pytest-pictures .pytest-programs .pytest-rest

PYTEST = $(BIN)/python $(if $(COVERAGE),-m coverage run )-m pytest $(RERUN)
# Tests that start browsers, servers, commands and checkouts, and wait for them.
PROGRAMS := tests/aliases/access tests/aliases/browser tests/aliases/management tests/benchmarks tests/client tests/docs tests/hosting tests/imageservice tests/test_proxy.py tests/test_service.py tests/test_varnish.py
# Tests of the data plane that pass through nothing of the admin's: neither its middleware nor its URLs.
ALIKE := imaging storage catalogue pictures workers dialects http/test_opened_once.py test_faults.py test_process.py test_warming.py

.pytest-pictures:
	@echo "The data plane's tests, without any database:"
	@PLANE=images $(PYTEST) tests/rendering

.pytest-programs:
	@echo "The tests that run programs:"
	@$(PYTEST) $(PROGRAMS)

.pytest-rest:
	@echo "All other tests, and again those of responses, here beside the admin:"
	@$(PYTEST) $(addprefix --ignore tests/rendering/,$(ALIKE)) $(addprefix --ignore ,$(PROGRAMS))

changed: .venv/test ## Run the tests of what changed since main, or since BASE=commit.
	@$(BIN)/python -m tests.changed $(BASE)

# All of it is in make test, and so in CI: 18 faults (tests/rendering/faults.py) of originals, stored and new derivatives,
# the catalogue, single writes and publications. What takes longer than a test is benchmarks.load and benchmarks.waiting.
faults: .venv/test ## Test how the service copes with every fault of its stores.
	@echo "Trying faults of stores..."
	@PLANE=images $(BIN)/python -m pytest tests/rendering/test_faults.py
	@$(BIN)/python -m pytest tests/aliases/publishing/test_faults.py

coverage: .venv/test ## Run the tests and measure which lines and branches they run; too few is a failure.
	@rm -rf build/coverage
	@$(MAKE) --no-print-directory pytest COVERAGE=1
	@$(BIN)/python -m coverage combine --quiet
	@$(BIN)/python -m coverage report

explore: .venv/test ## Run the property tests on new examples, for longer than make test does (nightly).
	@HYPOTHESIS_PROFILE=exploring PLANE=images $(BIN)/python -m pytest $$(grep -rl "^from hypothesis" tests/rendering --include='test_*.py')

fuzz: .venv/test ## Fuzz the admin's forms, documents and commands for some minutes (nightly).
	@HYPOTHESIS_PROFILE=exploring $(BIN)/python -m pytest tests/aliases/editing/test_fuzz.py

test-aws: .venv/test .tools/ready build/aws/ready build/checkov/ready ## Run the tests that need an emulated AWS; they need node.
	@echo "Running the tests against an emulated AWS..."
	@REQUIRE_NODE=1 $(BIN)/python -m pytest $(RERUN) -p no:randomly tests/aws # in order: from an empty account to none

site: .venv/test build/site/ready ## Make the site of the documentation, in build/site/html; a dead link is a failure.
	@echo "Making the site of the documentation..."
	@$(BIN)/python -m docs.make_site
	@NO_MKDOCS_2_WARNING=1 PYTHONPATH=. build/site/bin/mkdocs build --strict --quiet

build/site/ready: requirements-site.txt | .venv/test
	@echo "Installing MkDocs..."
	@$(PYTHON) -m venv --without-pip build/site
	@$(call install,build/site/bin/python,requirements-site.txt)
	@touch build/site/ready

build/audit/ready: requirements-audit.txt | .venv/test
	@echo "Installing pip-audit..."
	@$(PYTHON) -m venv --without-pip build/audit
	@$(call install,build/audit/bin/python,requirements-audit.txt)
	@touch build/audit/ready

build/checkov/ready: requirements-checkov.txt | .venv/test
	@echo "Installing checkov..."
	@$(PYTHON) -m venv --without-pip build/checkov
	@$(call install,build/checkov/bin/python,requirements-checkov.txt)
	@touch build/checkov/ready

build/aws/ready: requirements-aws.txt | .venv/test
	@echo "Installing the emulator of AWS..."
	@$(PYTHON) -m venv --without-pip build/aws
	@$(call install,build/aws/bin/python,requirements-aws.txt)
	@touch build/aws/ready

# Debian ships venv without ensurepip, so the system's pip installs into the environment from outside.
# A stamp file holds the requirements that are installed: a changed file installs anew, an unchanged one costs nothing.
.venv/bin/python:
	@$(NEEDS_PYTHON)
	@echo "Making a virtual environment..."
	@$(PYTHON) -m venv --without-pip .venv

.venv/run: requirements.txt | .venv/bin/python
	@echo "Installing what the service needs..."
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch .venv/run

.venv/hosting: requirements.txt requirements-hosting.txt | .venv/bin/python
	@echo "Installing what the service needs, and what counts for Prometheus..."
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-hosting.txt
	@touch .venv/run .venv/hosting

.venv/test: requirements-dev.txt | .venv/bin/python
	@echo "Installing what the checks need..."
	@sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.txt >.venv/uv.txt
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@$(call install,$(BIN)/python,requirements-dev.txt)
	@touch .venv/run .venv/test

mutants: .venv/test build/mutants/ready ## Count how many of a random SAMPLE= of mutants the tests kill; see tests/mutants.
	@build/mutants/bin/python -m tests.mutants $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only $(ONLY)) $(if $(ENOUGH),--enough $(ENOUGH)) $(if $(NEAR),--near) $(if $(AGAIN),--again)

build/mutants/ready: requirements-mutants.txt | .venv/bin/python
	@echo "Installing what makes mutants..."
	@$(PYTHON) -m venv --without-pip build/mutants
	@$(call install,build/mutants/bin/python,requirements-mutants.txt)
	@touch build/mutants/ready

conformance: .venv/test ## Compare answers with recorded ones of a real Thumbor, if they lie beside the checkout.
	@$(BIN)/python benchmarks/conformance.py $(if $(CASES),--cases $(CASES)) $(if $(REF),--ref $(REF)) $(if $(IMAGES),--images $(IMAGES)) $(if $(VERBOSE),--verbose)

differential: .venv/test ## Ask a real Thumbor and this service the same random URLs; see N= and SEED=.
	@$(BIN)/python -m benchmarks.differential $(if $(N),--tries $(N)) $(if $(SEED),--seed $(SEED))

fidelity: .venv/test ## Compare pictures with exact references, beside Thumbor and sharp; see PICTURES= and PEERS=.
	@$(BIN)/python -m benchmarks.fidelity $(if $(PICTURES),--pictures "$(PICTURES)") $(if $(PEERS),--peers $(PEERS))

faces: .venv/test ## Measure how well faces are found and kept; give PICTURES=folder ANNOTATIONS=file.json.
	@$(BIN)/python -m benchmarks.faces $(if $(PICTURES),--pictures "$(PICTURES)") $(if $(ANNOTATIONS),--annotations "$(ANNOTATIONS)")

crops: .venv/test ## Measure how much of the subject smart crops keep; give PICTURES=folder ANNOTATIONS=file.json.
	@$(BIN)/python -m benchmarks.crops $(if $(PICTURES),--pictures "$(PICTURES)") $(if $(ANNOTATIONS),--annotations "$(ANNOTATIONS)")

attack: .venv/test ## Attack the service with hostile files, paths and costs; see CORPUS=, PATHS= and ONLY=.
	@$(BIN)/python -m benchmarks.attack $(if $(CORPUS),--corpus "$(CORPUS)") $(if $(LIST),--list $(LIST)) \
	  $(if $(PATHS),--paths $(PATHS)) $(if $(ONLY),--only $(ONLY)) $(if $(COSTS),--costs "$(COSTS)") $(if $(CROWD),--crowd $(CROWD))

tools: .tools/ready ## Install the tools that package and deploy in .tools, on the Lambda runtime's Python.

# Checked before anything is installed.
.stage:
	@test -n "$(STAGE)" || { echo "Name the stage: make $(or $(firstword $(MAKECMDGOALS)),deploy) STAGE=production"; exit 1; }

package: .stage .tools/ready ## Build the zip for Lambda and the list of what is in it; give STAGE=production.
	@mkdir -p build
	@$(ZAPPA) package $(STAGE) --output build/$(STAGE).zip

deploy: .stage .tools/ready .venv/run ## Deploy to AWS, or update what is there, without asking questions; give STAGE=production.
	@.tools/bin/python -m deploy.live $(STAGE)

rotate: .stage .tools/ready ## Replace a secret without downtime; give STAGE=production SECRET=ORIGIN_SECRET.
	@SECRET="$(SECRET)" .tools/bin/python -m deploy.rotate $(STAGE)

rollback: .stage .tools/ready ## Serve pictures again as before the last release; give STAGE=production.
	@.tools/bin/python -m deploy.rollback $(STAGE)

destroy: .stage .tools/ready ## Remove the service from AWS, except what holds data; give STAGE=production.
	@.tools/bin/python -m deploy.destroy $(STAGE)

.tools/ready: requirements-deploy.txt
	@$(NEEDS_PYTHON)
	@python=$$($(PYTHON) -m deploy.interpreter --install) || exit 1; \
	  echo "Installing Zappa on $$($$python --version)..." && rm -rf .tools && $$python -m venv --without-pip .tools
	@$(PYTHON) -m pip --python .tools/bin/python install --quiet --disable-pip-version-check --require-hashes -r requirements-deploy.txt
	@touch .tools/ready

bench: .venv/test ## Measure speed beside sharp, Thumbor and nginx; ONLY="render serve" selects, ROUNDS=1 is quick.
	@for one in $(or $(ONLY),render srcset serve growth coldstart load workers waiting); do echo "== $$one"; \
	  $(BIN)/python -m benchmarks.$$one $(if $(WRITE),--write) \
	    $$(case $$one in coldstart) ;; *) echo $(if $(ROUNDS),--rounds $(ROUNDS));; esac) \
	    $$(case $$one in load) echo $(if $(REQUESTS),--requests $(REQUESTS));; esac) \
	    $$(case $$one in render|srcset|serve) echo $(if $(PICTURES),--pictures $(PICTURES));; esac) || exit 1; done

zlib: ## Compile zlib-ng for make run: PNGs are then written in half the time.
	@$(NEEDS_PYTHON)
	@$(PYTHON) -m deploy.package.zlib_ng

docs: .venv/test ## Renew the generated parts of docs/.
	@$(BIN)/python -m docs.make_filters
	@$(BIN)/python -m docs.make_rooms
	@$(BIN)/python -m docs.make_settings
	@$(BIN)/python -m docs.make_snippets
	@$(BIN)/python -m docs.make_decisions
	@$(BIN)/python -m docs.make_costs

# Those that no page of the docs shows are in build/screenshots alone.
screenshots: .venv/test ## Take the pictures of the admin for README and docs anew; ONLY="form desk" selects.
	@ONLY="$(ONLY)" $(BIN)/python -m tests.screenshots

rooms: .venv/test ## Print the rooms of the house, one line each.
	@$(BIN)/python -m docs.make_rooms --print

lock: .venv/test ## Renew the locks, requirements*.txt, from the .in files.
	@for name in requirements requirements-hosting requirements-dev requirements-aws requirements-checkov requirements-zlib requirements-audit requirements-mutants requirements-site; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --output-file $$name.txt $$name.in; done
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.12 \
	  --generate-hashes --no-emit-index-url --no-header --output-file requirements-deploy.txt requirements-deploy.in

release: .venv/test ## Record the migrations of this version; they must not be edited afterwards.
	@$(BIN)/python -m tests.released

clean: ## Remove the environment, the database and everything else that make created.
	@rm -rf .venv .tools var build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
