# Image of one program: docker build --build-arg SERVICE=gateway -t tmws/gateway .
# SERVICE is a folder of services/ with a src/main.ts. tools/images/README.md says what is in an image and how it is made.
ARG NODE_IMAGE=node:24-trixie-slim
ARG RUNTIME_IMAGE=scratch

# What an installation depends on and nothing else, so that a change of sources does not install again.
FROM ${NODE_IMAGE} AS manifests
COPY . /source
RUN cd /source && mkdir /manifests && cp -R package.json pnpm-lock.yaml pnpm-workspace.yaml patches /manifests/ \
  && find libs services bench e2e -name package.json -not -path '*/node_modules/*' \
    -exec sh -c 'mkdir -p "/manifests/$(dirname "$1")" && cp "$1" "/manifests/$1"' sh {} \;

FROM ${NODE_IMAGE} AS packages
ENV CI=true
RUN npm install --global --no-fund --no-audit pnpm@10
WORKDIR /workspace
COPY --from=manifests /manifests ./
# What was downloaded for another lockfile is not downloaded again.
RUN --mount=type=cache,id=tmws-pnpm-store,target=/pnpm-store \
  pnpm install --frozen-lockfile --prefer-offline --store-dir /pnpm-store

FROM packages AS build
ARG SERVICE
ARG VERSION=0.0.0
COPY . ./
# The workspace's own Node, of the version the tests ran on, whichever the base brings.
RUN node_modules/node/bin/node tools/images/root.ts "${SERVICE}" /root-filesystem "${VERSION}"

FROM ${RUNTIME_IMAGE}
ARG SERVICE
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="tmws/${SERVICE}" \
  org.opencontainers.image.description="${SERVICE} of TMWS, the operations plane for workflows" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /root-filesystem /
# In a container loopback is reached by nobody; on any other address TMWS asks for a credential.
ENV TMWS_BIND=0.0.0.0 TMWS_DATA_DIR=/var/lib/tmws TMWS_CACHE_DIR=/tmp/tmws
USER 65532:65532
WORKDIR /tmp
EXPOSE 8080 50051 9464 4317 4318 9092 9093
ENTRYPOINT ["/usr/local/bin/node", "/app/main.mjs"]
