# Set-up, build, run, test. Every target installs the packages that it needs first.

SWIFT ?= swift
PREFIX ?= /usr/local
RELEASE = -c release --static-swift-stdlib
SPARKIFY = .build/release/sparkify
UNIT_TESTS = WarehouseTests|ConsoleTests|ArchitectureTests
# Tests that start servers and programs: a few at a time, however many there are.
INTEGRATION_WIDTH = 6
SCALE ?= S
FUZZ_SECONDS ?= 60
# Made again when the pinned packages change.
PYTHON = .build/python/made
SPARK = .build/spark/made

.PHONY: run build test check format cloud-demo bench fuzz install packages test-packages \
  toolchain clean

run: build ## opens the console on the embedded warehouse, with sample data
	@$(SPARKIFY)

build: packages toolchain ## builds .build/release/sparkify
	@echo "building the release"
	@$(SWIFT) build $(RELEASE) --product sparkify

test: test-packages toolchain $(PYTHON) $(SPARK) ## builds and runs all tests
	@echo "building the tests"
	@$(SWIFT) build --build-tests
	@echo "running the tests"
	@scripts/run-tests .build/unit-tests.log \
	  $(SWIFT) test --skip-build --disable-xctest --filter '$(UNIT_TESTS)'
	@SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$(INTEGRATION_WIDTH) \
	  scripts/run-tests .build/integration-tests.log \
	  $(SWIFT) test --skip-build --disable-xctest --filter IntegrationTests

check: test-packages toolchain ## format, warnings as errors, unit tests under the thread sanitizer
	$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift
	$(SWIFT) build --build-tests
	$(SWIFT) test --disable-xctest --sanitize=thread --scratch-path .build/thread \
	  --filter '$(UNIT_TESTS)'

format: toolchain ## formats the sources in place
	$(SWIFT) format --in-place --recursive --parallel Sources Tests Package.swift

cloud-demo: build $(PYTHON) ## opens the console on a warehouse at a stand-in for AWS
	@.build/python/bin/python Tests/aws/cloud_demo.py $(CURDIR)/$(SPARKIFY)

bench: test-packages build ## measures a load against the floors of this machine; SCALE=S, M or L
	@$(SWIFT) build $(RELEASE) --product bench
	@.build/release/bench $(SCALE)

fuzz: test-packages toolchain ## feeds the reader with hostile input for FUZZ_SECONDS
	SPARKIFY_FUZZ=1 $(SWIFT) build --sanitize=fuzzer --product Fuzz --scratch-path .build/fuzz
	mkdir -p .build/fuzz/corpus
	SWIFT_BACKTRACE=enable=no .build/fuzz/debug/Fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=600 \
	  -artifact_prefix=.build/fuzz/ .build/fuzz/corpus Tests/Fuzz/corpus

install: build ## copies the program to $(PREFIX)/bin and the queries to $(PREFIX)/share
	install -D -m 755 $(SPARKIFY) $(DESTDIR)$(PREFIX)/bin/sparkify
	install -d $(DESTDIR)$(PREFIX)/share/sparkify/queries
	install -m 644 queries/*.sql $(DESTDIR)$(PREFIX)/share/sparkify/queries

$(PYTHON): Tests/requirements.txt | test-packages
	@echo "installing the Python packages of the tests"
	@rm -rf .build/python
	@python3 -m venv .build/python
	@.build/python/bin/pip install --quiet --disable-pip-version-check -r Tests/requirements.txt
	@touch $@

$(SPARK): Tests/requirements-spark.txt | test-packages
	@echo "installing PySpark for the tests"
	@rm -rf .build/spark
	@python3 -m venv .build/spark
	@.build/spark/bin/pip install --quiet --disable-pip-version-check \
	  -r Tests/requirements-spark.txt
	@touch $@

packages:
	@scripts/install-packages build run

test-packages:
	@scripts/install-packages build run test

toolchain:
	@command -v $(firstword $(SWIFT)) >/dev/null || { \
	  echo "there is no $(firstword $(SWIFT)) here: install the Swift toolchain, 6.2 or newer," \
	    "from swift.org/install, or say where it is with make SWIFT=/path/to/swift" >&2; exit 1; }

clean:
	rm -rf .build
