# An image with Tandem and nothing else: no shell, no package manager, and a user without rights.
#   docker build --tag tandem .
#   docker run --publish 127.0.0.1:3000:3000 --env TANDEM_TRUSTED_PROXY=172.17.0.1 --volume tandem:/data tandem
# For a container, a proxy on the host has the address of the bridge's gateway (docs/deploy.md).

FROM node:22-trixie-slim AS node

FROM rust:1.95.0-slim-trixie AS build
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
# hadolint ignore=DL3008 # The newest fixes of what Debian keeps stable.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/*
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /tandem
# A change of the code leaves the tools as they are.
COPY Makefile rust-toolchain.toml ./
COPY setup setup
COPY end2end/package.json end2end/package-lock.json end2end/
RUN make tools
COPY . .
RUN make build
# The binary with the libraries that it is linked to, what it trusts in the network, and who runs it. `owned` is theirs.
RUN mkdir -p /image/etc/ssl/certs /owned/data /owned/tmp \
    && cp target/release/tandem /image/ \
    && ldd target/release/tandem | grep -o '/[^ ]*' | xargs cp --parents --dereference --target-directory /image \
    && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
    && echo 'tandem:x:65532:65532::/data:/nonexistent' >/image/etc/passwd

FROM scratch
COPY --from=build /image/ /
COPY --from=build --chown=65532:65532 /owned/ /
USER 65532:65532
ENV TANDEM_LISTEN=0.0.0.0:3000 \
    TANDEM_DATABASE=sqlite:/data/tandem.db
EXPOSE 3000
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/tandem", "healthcheck"]
ENTRYPOINT ["/tandem"]
