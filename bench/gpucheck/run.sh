#!/bin/sh
# Checks and measures Glyph on a machine with a GPU driver; it needs neither Go
# nor a network.
#
#   ./run.sh [OUT]
#
# It runs the GPU suite against the oracle, compares the backends, trains twice
# for the same bits, measures, and, where python3 has torch, runs the same
# networks there, interleaved with Glyph. OUT (default ./out) gets report.md, with
# failures first, and the logs. The exit status is 1 if anything failed.
#
# OpenGL comes from libEGL.so.1 (package libegl1 on Debian). If that is unpacked
# outside the system's directories, LD_LIBRARY_PATH names its folder, and
# __EGL_VENDOR_LIBRARY_FILENAMES the vendor's JSON file.
#
#   DEVICE=N     which GPU, by its number in glyph devices (default: the first hardware one)
#   SOFTWARE=1   take a software renderer, to try the bundle itself
#   IMAGES=N     images of an epoch (default 60000; with SOFTWARE=1 640)
set -u
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-out}
mkdir -p "$out" && out=$(cd "$out" && pwd) || exit 1
export GLYPH_REQUIRE_GPU=1 GLYPH_CACHE="$out/programs"
glyph="$here/glyph"
failures="$out/failures.txt"
: >"$failures"
began=$(date +%s)

# part NAME SECONDS COMMAND...: runs a part of the check with a time limit.
part() {
	name=$1 limit=$2
	shift 2
	started=$(date +%s)
	timeout -k 10 "$limit" "$@" >"$out/$name.log" 2>&1
	status=$?
	echo "$name: status $status after $(($(date +%s) - started)) s"
	if [ $status -ne 0 ]; then
		echo "- $name: status $status; $(tail -n 1 "$out/$name.log")" >>"$failures"
	fi
	return $status
}

device="" suite=300 each=200ms compared="mlp cnn kmnist-benchmark vgg resnet"
if [ -n "${DEVICE:-}" ]; then device="--device $DEVICE"; fi
if [ -n "${SOFTWARE:-}" ]; then each=10ms compared="mlp cnn"; fi

part devices 30 "$glyph" devices
if [ -z "${SOFTWARE:-}" ] && ! grep -q "first hardware GPU" "$out/devices.log"; then
	echo "- there is no hardware GPU that OpenGL finds; SOFTWARE=1 goes on without" >>"$failures"
	cat "$out/devices.log" "$failures"
	exit 1
fi
part shaders 60 "$here/shaders.test" -test.v
(cd "$out" && part suite $suite "$here/gpu.test" -test.v -test.timeout ${suite}s ${SOFTWARE:+-test.short})
for model in $compared; do
	# shellcheck disable=SC2086 # device is two words or none
	part "compare-$model" 60 "$glyph" compare --model $model --batch 8 --steps 10 $device
done
rm -rf "$out/train-1" "$out/train-2" # of a check before
for again in 1 2; do
	# shellcheck disable=SC2086 # as above
	part "train-$again" 60 "$glyph" train --backend gpu $device --data synthetic --model cnn --limit 1024 --validation 0 --batch 64 --epochs 1 --lr 0.02 --report=false --out "$out/train-$again"
done
part same-bits 5 cmp "$out/train-1/last.safetensors" "$out/train-2/last.safetensors"

# Whole epochs as training takes them, the last of three: the first has compiling in it.
images=${IMAGES:-60000}
if [ -n "${SOFTWARE:-}" ]; then images=${IMAGES:-640}; fi
epoch() { # NAME OPTION...
	name=$1
	shift
	rm -rf "$out/$name"
	# shellcheck disable=SC2086 # as above
	part "$name" 60 "$glyph" train --backend gpu $device --data synthetic --limit "$images" --epochs 3 --lr 0.02 --checkpoint 0 --report=false --out "$out/$name" "$@"
}
epoch epoch-mlp --model mlp --batch 16
epoch epoch-cnn --model cnn --filters 32,64,128 --batch 128
(cd "$out" && part sgemm 60 "$here/gpu.test" -test.run '^$' -test.bench SGEMM)
# shellcheck disable=SC2086 # as above
part bench 120 "$glyph" bench --backend gpu $device --time $each

rounds="1 2 3" torch=cuda seconds=0.5
if [ -n "${SOFTWARE:-}" ]; then rounds=1 torch=cpu; fi
have_torch=""
if python3 -c 'import torch' >/dev/null 2>&1; then have_torch=1; fi
glyphs="" torches=""
for round in $rounds; do
	# shellcheck disable=SC2086 # as above
	part "steps-$round" 60 "$glyph" bench --backend gpu $device --operations=false --time $each --json &&
		tail -n 1 "$out/steps-$round.log" >"$out/steps-$round.json" && glyphs="$glyphs $out/steps-$round.json"
	if [ -n "$have_torch" ]; then
		part "torch-$round" 90 python3 "$here/torch_steps.py" measure "$out/torch-$round.json" --device $torch --seconds $seconds &&
			torches="$torches $out/torch-$round.json"
	fi
done

# goal NAME VALUE WANT LESS: a row that says whether a value is at most (LESS=1), or at
# least, what is wanted.
goal() {
	awk -v name="$1" -v v="$2" -v want="$3" -v less="$4" 'BEGIN {
		if (v == "") { printf "| %s | not measured | %s | |\n", name, want; exit }
		met = less ? v + 0 <= want + 0 : v + 0 >= want + 0
		printf "| %s | %.3g | %s %s | %s |\n", name, v, less ? "at most" : "at least", want, met ? "met" : "MISSED"
	}'
}

# seconds NAME: of 60,000 images at the speed of the last epoch.
seconds() {
	sed -n 's/.*"images_per_second": *\([0-9.e+]*\).*/\1/p' "$out/$1/summary.json" 2>/dev/null | tail -n 1 | awk '$1 > 0 { print 60000 / $1 }'
}

# The best tile at 4096, as a share of the multiply-adds that the device does in registers.
sgemm_share() {
	peak=$(sed -n 's|^peak \([0-9.e+]*\) GFLOP/s.*|\1|p' "$out/bench.log" | head -n 1)
	awk -v peak="$peak" '/SGEMM\/4096/ { for (i = 2; i <= NF; i++) if ($i == "GFLOP/s" && $(i - 1) > best) best = $(i - 1) }
		END { if (best > 0 && peak > 0) print 100 * best / peak }' "$out/sgemm.log"
}

{
	echo "# Glyph on a GPU, $(date -u +%Y-%m-%d)"
	echo
	if [ -s "$failures" ]; then
		echo "## Failures"
		echo
		cat "$failures"
	else
		echo "Nothing failed."
	fi
	echo
	echo "GPU suite: $(grep -c -- '--- PASS' "$out/suite.log") passed, $(grep -c -- '--- FAIL' "$out/suite.log") failed, $(grep -c -- '--- SKIP' "$out/suite.log") skipped."
	echo "The whole check took $(($(date +%s) - began)) s."
	echo
	echo "## Goals"
	echo
	echo "| what | measured | goal | |"
	echo "|---|---|---|---|"
	goal "mlp, batch 16: seconds of 60,000 images" "$(seconds epoch-mlp)" 0.10 1
	goal "cnn 32-64-128, batch 128: seconds of 60,000 images" "$(seconds epoch-cnn)" 0.10 1
	goal "SGEMM 4096³: percent of the multiply-adds in registers" "$(sgemm_share)" 60 ""
	echo
	if [ -z "$have_torch" ]; then
		echo "python3 has no torch here, so nothing is beside PyTorch."
		echo
	fi
	if [ -n "$glyphs" ] && [ -n "$torches" ]; then
		# shellcheck disable=SC2086 # lists of files
		python3 "$here/torch_steps.py" report $glyphs -- $torches
	fi
	for log in devices bench sgemm $(for m in $compared; do echo "compare-$m"; done); do
		echo "## $log"
		echo
		echo '```'
		cat "$out/$log.log"
		echo '```'
		echo
	done
} >"$out/report.md"
rm -rf "$out/programs"
echo "report: $out/report.md"
if [ -s "$failures" ]; then
	cat "$failures"
	exit 1
fi
