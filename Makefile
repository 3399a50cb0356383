# EmbeRTL. `make help` lists the targets.

CARGO   ?= cargo
CONFIG  ?= paper
BLOCK   ?= pe
ARGS    ?=
TRACES  ?=
CRITEO  ?=
GAMES   ?=
OWN      = examples/own_block
EMBERTL  = $(CARGO) run --quiet --release --

.PHONY: help setup cosim test nightly area lint bench reproduce check own_block

help: ## this list
	@awk -F ':.*## ' '/^[a-z_]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  variables: CONFIG=$(CONFIG) BLOCK=$(BLOCK) LIBERTY=FILE ARGS='--seed 7 ...'"

setup: ## installs or names the tools that are missing
	@.ci/setup

cosim: setup ## all blocks in lock-step with their models, on the embedded input (ARGS passed on)
	$(EMBERTL) lockstep $(ARGS)

test: setup ## all tests: units, lock-step of ten configurations, seeded faults, the example
	$(CARGO) test --release --workspace

nightly: setup ## the long runs: 10 M lock-step cycles, 100 configurations, mutants, vectors
	$(CARGO) test --release --workspace -- --ignored --nocapture

area: setup ## area and longest path (CONFIG=, LIBERTY=)
	$(EMBERTL) area --block $(BLOCK) --config $(CONFIG) $(LIBERTY:%=--liberty %) $(ARGS)

lint: setup ## every module of every named configuration under four tools
	$(EMBERTL) lint $(ARGS)

bench: setup ## DDR5 and batch models; ratios to bare C++ and the edit loop; also target/reports/bench.json
	$(CARGO) run --quiet --release -p golden_model -- bench
	$(EMBERTL) bench $(ARGS)

reproduce: setup ## REFREE's figures and area (TRACES="--trace FILE ..."), ReCross's (CRITEO=FILE GAMES=FILE)
	mkdir -p target/reports
	$(EMBERTL) area --block pe --json > target/reports/area.json
	$(CARGO) run --quiet --release -p golden_model -- refree --sweep \
	  --area target/reports/area.json --report target/reports $(TRACES)
	$(if $(and $(CRITEO),$(GAMES)),$(CARGO) run --quiet --release -p golden_model -- recross system --sweep \
	  --trace $(CRITEO) --report target/reports)
	$(if $(and $(CRITEO),$(GAMES)),$(CARGO) run --quiet --release -p golden_model -- recross goals \
	  --criteo $(CRITEO) --games $(GAMES))
	$(CARGO) run --quiet --release -p golden_model -- asymflow system --workload kaggle --report target/reports

check: setup ## formatting and clippy
	$(CARGO) fmt --all --check
	$(CARGO) clippy --release --workspace --all-targets -- -D warnings
	cp Cargo.lock $(OWN)
	$(CARGO) fmt --all --check --manifest-path $(OWN)/Cargo.toml
	CARGO_TARGET_DIR=target $(CARGO) clippy --release --manifest-path $(OWN)/Cargo.toml -- -D warnings

own_block: setup ## a block of another project: built, linted, in lock-step, its area, a seeded bug
	$(CARGO) test --release --test own_block -- --nocapture
