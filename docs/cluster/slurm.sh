#!/bin/bash
# The study as a Slurm array of 8 shards, then one job that merges them:
#
#   array=$(sbatch --parsable docs/cluster/slurm.sh)
#   sbatch --dependency=afterok:$array --wrap "bin/glyph study merge parts/* --out runs/study"
#
# A shard that was stopped resumes when it is submitted again, with
# --array=3,5 for only the third and the fifth.
#SBATCH --job-name=glyph-study
#SBATCH --array=1-8
#SBATCH --cpus-per-task=8
#SBATCH --mem=8G
#SBATCH --time=04:00:00
#SBATCH --output=slurm-%A-%a.log
set -euo pipefail

# As many as --array above. The array counts from 1 here, and so does --shard;
# for --array=0-7 add --shard-from 0.
shards=${GLYPH_SHARDS:-8}
exec "${GLYPH:-bin/glyph}" study \
	--data "${GLYPH_DATA:-kmnist}" --backend "${GLYPH_BACKEND:-cpu}" \
	--parallel "${SLURM_CPUS_PER_TASK:-1}" \
	--shard "$SLURM_ARRAY_TASK_ID/$shards" --out "parts/$SLURM_ARRAY_TASK_ID" "$@"
