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
# HPAs ask it for CPU; kind's kubelets have certificates of their own
kubectl apply -f https://github.com/kubernetes-sigs/metrics-server/releases/download/v0.8.0/components.yaml
kubectl -n kube-system patch deployment metrics-server --type=json \
  -p='[{"op": "add", "path": "/spec/template/spec/containers/0/args/-", "value": "--kubelet-insecure-tls"}]'
kubectl -n kube-system rollout status deployment metrics-server --timeout=120s
