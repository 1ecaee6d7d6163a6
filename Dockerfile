# Build with: docker build -t loa .
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
# The manifest names it: without it there is no build.
COPY benches/throughput.rs benches/throughput.rs
# The dependencies first, so that a change of ours does not build them again.
RUN mkdir src && echo 'fn main() {}' > src/main.rs && touch src/lib.rs \
    && cargo build --release --locked && rm -r src
COPY src src
COPY config/templates config/templates
RUN touch src/main.rs src/lib.rs && cargo build --release --locked

FROM debian:bookworm-slim
# Time zones are in the program; certificates are the machine's.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home loa \
    && install -d -o loa -g loa -m 0700 /state \
    && install -d /config
COPY --from=build /src/target/release/loa /usr/local/bin/loa
ENV LOA_CONFIG=/config/loa.toml LOA_STATE=/state
USER loa
VOLUME ["/config", "/state"]
HEALTHCHECK --interval=60s --timeout=15s --start-period=30s CMD ["loa", "healthcheck"]
ENTRYPOINT ["loa"]
CMD ["run"]
