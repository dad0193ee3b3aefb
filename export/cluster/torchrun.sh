#!/usr/bin/env bash
# Trains one GAN on PyTorch, a process for each GPU of each node. Run on each
# node, with the first one's address. Run by its authors on one node without
# GPUs (NPROC=2), not on several.
#
#   HEAD=node0 NODES=4 export/cluster/torchrun.sh DCGAN --data /shared/packed \
#       --epochs 100 --batch-size 1024 --out /shared/runs/a
set -euo pipefail
export KERAS_BACKEND=torch
# torchrun starts all anew when one is lost; they go on from the last backup.
exec torchrun \
    --nnodes "${NODES:-1}" --nproc-per-node "${NPROC:-gpu}" \
    --rdzv-backend c10d --rdzv-endpoint "${HEAD:-localhost}:29500" \
    --max-restarts "${RESTARTS:-3}" \
    --no-python keras-gans train "$@" --distribute torchrun
