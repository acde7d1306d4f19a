#!/usr/bin/env bash
# A sweep in four shards as a Slurm array: sbatch docs/examples/sweep.slurm.sh, from the project's folder.
#SBATCH --job-name=sparseland-sweep
#SBATCH --array=1-4
#SBATCH --cpus-per-task=2
#SBATCH --time=04:00:00
set -euo pipefail
SHARDS=4
OUT="${OUT:-runs/sweep}"
npm run --silent sparseland -- sweep --preset rigl-mnist --vary sparsity.density=0.01,0.02,0.05 --seeds 5 \
  --shard "$SLURM_ARRAY_TASK_ID/$SHARDS" --out "$OUT/shard-$SLURM_ARRAY_TASK_ID"
# When all are done: npm run sparseland -- sweep merge runs/sweep/shard-* --out runs/sweep/all
