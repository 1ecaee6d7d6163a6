# What one does with loa from a clone. `make demo` to see it work, `make test` to test it.

# The port of the rehearsal page; the sample news site takes the next one.
PORT ?= 8035

.PHONY: demo test soak fuzz bench figures worst setup

demo: setup
	cargo build --locked --release
	./target/release/loa demo --port $(PORT)

test: setup
	cargo test --locked --features faults

# The proofs of tests/stories/proof at their full size: hours rather than minutes.
soak: setup
	LOA_SOAK=1 cargo test --locked --features faults --test stories proof:: -- --nocapture

# Damaged feeds, pages, texts and pictures, for SECONDS each; the seed of each run is printed.
SECONDS ?= 600
fuzz: setup
	LOA_FUZZ_SECONDS=$(SECONDS) cargo test --locked --features faults --test stories fuzz:: -- --nocapture --test-threads 1

# The figures that README.md gives: build time, size, memory, time of an unchanged poll.
figures: setup
	cargo build --locked --release
	python3 -B benches/figures.py

# How fast feeds are read, beside the parser alone.
bench: setup
	cargo bench --locked

# Time and memory of the worst that a site may send.
worst: setup
	cargo build --locked --release
	python3 -B benches/worst.py

# A linker and certificates are all that is needed beside a Rust toolchain.
setup:
	@command -v cc >/dev/null || $(SUDO) apt-get install -y --no-install-recommends gcc libc6-dev
	@test -e /etc/ssl/certs/ca-certificates.crt || $(SUDO) apt-get install -y --no-install-recommends ca-certificates

SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
