# Purveyor. `make help` lists what can be done here; nothing but Python 3.11 and make is needed to begin.

PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := shared/kernel shared/messaging shared/contract shared/approvals services/sourcing services/procurement \
	services/supplier-performance history cli
NAMES := purveyor purveyor-messaging purveyor-contract purveyor-approvals purveyor-sourcing purveyor-procurement \
	purveyor-supplier-performance purveyor-history purveyor-cli
SOURCES := $(addsuffix /src,$(PACKAGES))
LOCK_KEY := $(shell cat requirements.lock $(PACKAGES:=/pyproject.toml) | cksum | cut -d ' ' -f 1)
INSTALLED := $(VENV)/installed-$(LOCK_KEY)
JOBS ?= auto
ON_ALL_CORES := --numprocesses $(JOBS) --dist loadgroup --no-loadscope-reorder

# Tests start processes by the dozen: what Python compiles for them is kept, beside what it was compiled from.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/bytecode

# uv trusts what the machine trusts, as pip does: companies re-sign the traffic of their proxies.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),)
export UV_SYSTEM_CERTS ?= true
endif

.DEFAULT_GOAL := help
.PHONY: help install demo up kafka test scenarios faults documented commands mutants openapi strangers check lint types architecture dependencies manifests format \
	bench sbom pin-images schemas schemas-check release-schemas revisions migrate lock clean

help: ## List every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  \033[1m%-16s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Make .venv from requirements.lock, hashes checked (every target does it when needed)

$(INSTALLED):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed: install it, or name it: make PYTHON=..." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make virtual environments: install its venv package (Debian: python3-venv)" >&2; exit 1; }
	@echo "Installing from requirements.lock"
	@awk '/^uv==/ { found = 1 } found { print } found && !/\\$$/ { exit }' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/uv.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --offline --no-deps $(PACKAGES:%=--editable ./%)
	@rm -f $(VENV)/installed-* && touch $@

demo: $(INSTALLED) ## Tell the story of one supplier, import a sample history, print the league table; leaves nothing running
	@$(BIN)/purveyor demo

up: $(INSTALLED) ## Run all of Purveyor here until Ctrl-C; the data survive in .purveyor
	@$(BIN)/purveyor up

kafka: $(INSTALLED) ## Run Apache Kafka here until Ctrl-C (java, mvn), for purveyor up --kafka 127.0.0.1:9092; it keeps nothing
	@$(BIN)/python -m purveyor_cli.kafka

test: $(INSTALLED) ## Run every test, on real PostgreSQL and Kafka (REQUIRE_KAFKA=1 insists), on all cores; JOBS=0: one after the other; ARGS=path: those
	@$(BIN)/pytest $(or $(ARGS),$(ON_ALL_CORES))

scenarios: $(INSTALLED) ## Play examples/scenarios on what `make up` runs, one after the other
	@set -e; for scenario in examples/scenarios/*_*.py; do $(BIN)/python $$scenario; done

mutants: $(INSTALLED) ## Change the rules of FEATURE=folder (or all) in one place at a time, and show what no test notices
	@$(BIN)/python -m tests.mutants $(FEATURE)

openapi: $(INSTALLED) ## Write dist/openapi: the document of each service, and one of all behind one gateway (GATEWAY=https://…)
	@$(BIN)/python -m purveyor_cli.openapi $(GATEWAY:%=--gateway %)

strangers: $(INSTALLED) ## Read the contract with strangers' tools, and run clients and listeners of five languages (minutes)
	@$(BIN)/python -m tests.strangers $(ARGS)

faults: $(INSTALLED) ## Break things for as long as it takes, nightly: FAULT_CYCLES=200 (make test: 40), on real Kafka
	@FAULT_CYCLES=$(or $(FAULT_CYCLES),200) REQUIRE_KAFKA=1 $(BIN)/pytest -m faults $(ARGS)

documented: $(INSTALLED) ## Send every operation all that its document says a body can be, right and wrong, nightly
	@DOCUMENTED=wholly $(BIN)/pytest $(ON_ALL_CORES) tests/documented $(ARGS)

commands: $(INSTALLED) ## Play random commands, nightly: ORDER_COMMANDS=10000 on orders, NEED_COMMANDS=10000 from need to order
	@ORDER_COMMANDS=$(or $(ORDER_COMMANDS),10000) NEED_COMMANDS=$(or $(NEED_COMMANDS),10000) \
		$(BIN)/pytest $(ON_ALL_CORES) tests/test_order_life.py services/procurement/tests/test_need_commands.py $(ARGS)

check: lint types architecture dependencies schemas-check revisions manifests ## Run every check that is not a test

lint: $(INSTALLED) ## Check form: ruff format, ruff check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(INSTALLED) ## Check types: mypy, strict
	$(BIN)/mypy $(SOURCES) conftest.py shared/contract/tests services/sourcing/tests services/procurement/tests \
		history/tests cli/tests tests bench
	MYPYPATH=examples/scenarios $(BIN)/mypy examples/scenarios
	MYPYPATH=services/supplier-performance $(BIN)/mypy services/supplier-performance/tests

architecture: $(INSTALLED) ## Check that imports run downwards only: import-linter
	$(BIN)/lint-imports

dependencies: $(INSTALLED) ## Check that each package declares what it imports and nothing else: deptry
	@set -e; for package in $(PACKAGES); do echo "deptry $$package"; (cd $$package && $(CURDIR)/$(BIN)/deptry src); done

schemas-check: $(INSTALLED) ## Check the published event schemas: drift, compatibility, publishers, subscriptions
	$(BIN)/python -m purveyor_cli.contract --check

revisions: $(INSTALLED) ## Check that no migration locks a table for long or breaks the code that still runs: squawk
	$(BIN)/python -m purveyor_cli.revisions

manifests: $(INSTALLED) ## Check the compose file, the Dockerfile and the Kubernetes manifests: form, digests, checkov
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/hadolint deploy/docker/Dockerfile
	deploy/images
	RENDERED=$(VENV)/rendered deploy/k8s/validate $(BIN)
	.ci/checkov $(VENV) $(VENV)/rendered

sbom: $(INSTALLED) ## Write dist/purveyor.cdx.json, what the lock pins (CycloneDX), and ask whether it is known to be vulnerable
	@.ci/sbom $(BIN)

pin-images: ## Write the digests of the images of others, where their registries can be reached
	@deploy/images --pin

format: $(INSTALLED) ## Bring the code into form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(INSTALLED) ## Measure against bare FastAPI, asyncpg and aiokafka; writes bench/results/latest.json
	@$(BIN)/python -m bench

schemas: $(INSTALLED) ## Write what the events say: JSON Schemas and examples (shared/contract/schemas), the catalogue, asyncapi.yaml
	$(BIN)/python -m purveyor_cli.contract

release-schemas: schemas ## Freeze the schemas as released: from now on they may only grow
	$(BIN)/python -m purveyor_cli.contract --release

migrate: $(INSTALLED) ## Bring the databases of .purveyor to the newest schema, or PURVEYOR_DATABASE_URL with SERVICE=<name>
	@$(BIN)/purveyor migrate $(SERVICE:%=--service %)

lock: $(INSTALLED) ## Compile requirements.lock again from the pyproject.toml files (LOCK_ARGS=--upgrade for newer versions)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-annotate --no-header \
		$(patsubst %,--no-emit-package %,$(NAMES)) \
		--group dev --extra embedded --extra testing pyproject.toml $(PACKAGES:=/pyproject.toml) $(LOCK_ARGS) -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-annotate --no-header \
		deploy/checkov/requirements.in $(LOCK_ARGS) -o deploy/checkov/requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-annotate --no-header \
		tests/strangers/python/requirements.in $(LOCK_ARGS) -o tests/strangers/python/requirements.lock

clean: ## Remove what was made here: .venv, caches, the data of `make up`, downloaded Kafka
	rm -rf $(VENV) .purveyor deploy/local/libs .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
