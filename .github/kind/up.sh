#!/usr/bin/env bash
# A kind cluster whose nodes pull 127.0.0.1:5000/… from the container that serves that port on this machine.
set -euo pipefail
cd "$(dirname "$0")"
kind create cluster --config cluster.yaml --wait 120s
registry=$(docker ps --filter publish=5000 --format '{{.ID}}' | head -n 1)
[ -n "$registry" ] || { echo 'no container serves port 5000: start a registry there' >&2; exit 1; }
docker network connect --alias registry kind "$registry"
for node in $(kind get nodes --name tmws); do
  docker exec "$node" mkdir -p /etc/containerd/certs.d/127.0.0.1:5000
  printf '[host."http://registry:5000"]\n' | docker exec -i "$node" tee /etc/containerd/certs.d/127.0.0.1:5000/hosts.toml >/dev/null
done
