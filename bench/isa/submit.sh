#!/usr/bin/env bash
# What a training step costs the processor with drivers for GPUs that are not here: make
# gpu-submit ROOT=DIR. The no-op devices take every command and do nothing, so what is
# left is the driver's time and our own.
#
#   submit.sh GPU_TEST ROOT [CHIP...]
#
# ROOT is what bench/isa/mesa/build.sh made. A line has, of a step, the processor time of
# the whole process and of the thread that calls OpenGL, in microseconds, the dispatches
# and the barriers; it is the one with the least process time of COUNT runs (5).
set -euo pipefail
gpu_test=${1:?"usage: submit.sh GPU_TEST ROOT [CHIP...]"} root=${2:?"which root? ROOT=DIR, made by bench/isa/mesa/build.sh"}
shift 2
[ "$(id -u)" = 0 ] && [ -e "$root/isa/libamdgpu_noop_drm_shim.so" ] || {
	echo "this runs as root, with a ROOT that bench/isa/mesa/build.sh made" >&2
	exit 1
}
[ $# -gt 0 ] || set -- navi31 vega10 tgl nv168
dir=$(mktemp -d "$root/tmp/submit-XXXXXX")
trap 'rm -rf "$dir"' EXIT
cp "$gpu_test" "$dir/gpu.test"
for chip; do
	case $chip in
	navi* | vega* | polaris*) device="LD_PRELOAD=/isa/libamdgpu_noop_drm_shim.so AMDGPU_GPU_ID=$chip" ;;
	nv*) device="LD_PRELOAD=/isa/libnouveau_noop_drm_shim.so NOUVEAU_CHIPSET=${chip#nv}" ;;
	*) device="LD_PRELOAD=/isa/libintel_noop_drm_shim.so INTEL_STUB_GPU_PLATFORM=$chip" ;;
	esac
	# shellcheck disable=SC2086 # a list of settings
	chroot "$root" env -i HOME=/root PATH=/usr/bin:/bin GLYPH_REQUIRE_GPU=1 GLYPH_CACHE=off GLYPH_GPU_TUNE=off GLYPH_CONTEXT=egl $device \
		"/tmp/${dir##*/}/gpu.test" -test.run '^$' -test.bench '^BenchmarkSubmission$' -test.benchtime 3000x -test.count "${COUNT:-5}" \
		>"$dir/log" 2>&1 || true # the no-op devices do not survive the end of a context
	awk -v chip="$chip" '/^BenchmarkSubmission/ {
		for (i = 3; i < NF; i += 2) v[$(i + 1)] = $i
		if (!($1 in least) || v["µs-process/step"] < least[$1]) {
			least[$1] = v["µs-process/step"]
			line[$1] = sprintf("%-8s %-30s %8.1f %8.1f %6d %6d", chip, $1, v["µs-process/step"], v["µs-thread/step"], v["dispatches/step"], v["barriers/step"])
		}
	} END { for (b in line) print line[b]; exit length(line) == 0 }' "$dir/log" | sort || { tail -n 20 "$dir/log" >&2; exit 1; }
done
