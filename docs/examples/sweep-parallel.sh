#!/usr/bin/env bash
# A sweep in four shards on one machine, two at a time, then joined. Needs GNU parallel. From the project's folder.
set -euo pipefail
SHARDS=4
[ $# -gt 0 ] || set -- --preset rigl-mnist --vary sparsity.density=0.01,0.02,0.05 --seeds 5
OUT="${OUT:-runs/sweep}"
seq "$SHARDS" | parallel --jobs "${JOBS:-2}" --halt soon,fail=1 \
  npm run --silent sparseland -- sweep "$@" \
  --shard "{}/$SHARDS" --out "$OUT/shard-{}"
npm run --silent sparseland -- sweep merge "$OUT"/shard-* --out "$OUT/all"
