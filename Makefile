# Two commands do everything, set-up included: `make run` and `make test`.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.NOTPARALLEL:
.DEFAULT_GOAL := help

# Both setup/site and cargo-leptos take the first wasm-opt on the path; cargo-leptos would fetch one if it found none.
export PATH := $(CURDIR)/end2end/node_modules/.bin:$(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)

# `frontend` is built for the browser only: beside `server` its `hydrate` feature would meet `ssr` in one build.
native  := --workspace --exclude frontend
# What is tested can have faults planted in it, and none is, so that one build of the test programs is for `make faults`, too.
tested  := $(native) --features backend/planted-faults,server/planted-faults
release := TANDEM_BIN='$(CURDIR)/target/release/tandem'
# Where there is a release binary, tests of the binary take that one: what it embeds is tested too.
built   := $(if $(wildcard target/release/tandem),export $(release))

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: build ## build and serve http://localhost:3000, data in ./data; LAN=1 for the local network, PORT=… for another port
	@exec target/release/tandem $(if $(filter-out 0,$(LAN)),--lan)

watch: tools-leptos ## build, serve and rebuild on every change
	cargo leptos watch

build: tools ## the release binary with the site inside, and the size of a first visit
	@setup/site
	@setup/progress "server" "compiling it with the site inside" 7 cargo build --release --package server
	@setup/size

tools: ## install what building needs: compiler, wasm-bindgen, npm's wasm-opt and others
	@setup/rust && setup/node && setup/cargo-tools

tools-leptos: tools
	@setup/cargo-tools cargo-leptos

test: ## every check except deny and the longer runs, set-up included, with a table of times
	@setup/test

lint: tools ## formatting, clippy for the server's half and the browser's half, types of the browser tests, the Dockerfile
	cargo fmt --all --check
	cargo clippy $(native) --all-targets -- -D warnings
	cargo clippy -p frontend --target wasm32-unknown-unknown --features hydrate,split -- -D warnings
	cd end2end && npm run --silent check
	@setup/dockerfile

# The stages of `make test`, each also on its own.
test-tools: tools ## compiler, tools and browsers
	@setup/browsers && setup/readers

test-build: lint build ## lint, the release build, where cargo-leptos is installed whether it builds the same site, the Rust tests compiled
	@! command -v cargo-leptos >/dev/null || setup/site compare
	@setup/progress "tests" "compiling them" 6 cargo test $(tested) --no-run

test-rust: ## unit, property and integration tests; TANDEM_SEEDS=… histories in the simulation
	$(if $(built),$(built);) $(if $(BUILT),export TANDEM_BROWSERS=yes;) if command -v cargo-nextest >/dev/null; then cargo nextest run $(if $(CI),--profile ci )$(tested) && cargo test $(tested) --doc; else cargo test $(tested); fi

test-faults faults:
	@TESTED='$(tested)' setup/planted-faults

test-crash crash: $(if $(BUILT),,build)
	$(release) TANDEM_CRASHES=$(or $(N),50) cargo test $(tested) --test crash -- --nocapture

test-chaos chaos: $(if $(BUILT),,build)
	$(release) TANDEM_PEOPLE=$(or $(N),200) TANDEM_SECONDS=$(or $(SECONDS),$(if $(filter chaos,$@),600,75)) cargo test $(tested) --test chaos -- --nocapture --test-threads 1

test-browser: $(if $(BUILT),,build) ## Playwright against the release binary; ARGS="-g 'two people'" to choose
	cd end2end && $(if $(ARGS),,npm run unit --silent && )$(release) npm test --silent -- $(if $(ARGS),--no-deps) $(ARGS)

# Longer runs.
compare: tools-leptos ## whether cargo-leptos, which `make watch` takes, builds the same site; it takes twelve minutes to install
	@setup/site compare
faults: ## switch off one security check after the other and see a test fail for each
crash: ## kill the server N=1000 times (50 unless told) and lose nothing
chaos: ## N=200 people on the worst network for SECONDS=600, the server killed now and then; all must end with the same lists
soak: build ## N=10000 streams opened and aborted ROUNDS=10 times; no stream and no memory may be left
	$(release) TANDEM_STREAMS=$(or $(N),10000) TANDEM_ROUNDS=$(or $(ROUNDS),10) cargo test $(tested) --test http soak -- --nocapture
attack: build ## from one address: pictures, passwords, exports, bodies, connections, text without end; another person's edits are answered within 250 ms
	$(release) TANDEM_ATTACK=yes cargo test $(tested) --test http attack -- --nocapture --test-threads 1
simulate: ## SEEDS=1000000 random histories with faults
	TANDEM_SEEDS=$(or $(SEEDS),1000000) cargo test --release $(native) --test simulation -- --nocapture

fuzz: tools ## every fuzz target for TIME=60 seconds each, guided by coverage if its tools are there; NAME=… for some of them
	@TIME='$(or $(TIME),60)' NAME='$(NAME)' setup/fuzz
scan: build ## what wapiti and sqlmap find in a started server; fails on medium or worse, reports in target/scan-reports
	@setup/scan

bench: ## measure; ARGS=streams to compare the stream with other servers (setup/peers installs them), ARGS=commands for the disk
	@[[ -x target/release/tandem ]] || $(MAKE) --no-print-directory build
	cargo run --release -p bench -- $(ARGS)

deny: ## licences, bans, sources and (where their list can be reached) known faults of our dependencies; CHECKS=… to choose
	@CHECKS='$(CHECKS)' setup/deny

.PHONY: help run watch build tools tools-leptos test lint test-tools test-build test-rust test-faults test-crash test-chaos test-browser compare faults crash chaos soak attack simulate fuzz scan bench deny
