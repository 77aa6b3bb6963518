#!/bin/bash
# The study over several machines with GNU parallel, then the merge:
#
#   docs/cluster/parallel.sh host1 host2 :      # ":" is this machine
#
# Every machine needs this directory at the same path, on a shared file system,
# and a login without a password. Each takes one shard at a time, and trains as
# many networks at once as it has processors. Run again, it does only what is
# missing.
set -euo pipefail
hosts=$(IFS=,; echo "${*:-:}")
shards=${GLYPH_SHARDS:-8}
glyph=${GLYPH:-bin/glyph}

# {#} is the number of the job, from 1, as --shard counts; the job itself has it
# as PARALLEL_SEQ.
seq "$shards" | parallel --sshlogin "$hosts" --jobs 1 --workdir "$PWD" --line-buffer --tagstring "shard {#}" \
	"$glyph" study --data "${GLYPH_DATA:-kmnist}" --backend "${GLYPH_BACKEND:-cpu}" ${GLYPH_STUDY:-} \
	--shard "{#}/$shards" --out "parts/{#}"
"$glyph" study merge parts/* --out runs/study
