#!/bin/sh
# Checks and measures Glyph on a machine with a GPU driver; it needs neither Go
# nor a network, and takes at most about eight minutes.
#
#   ./run.sh [OUT]
#
# It compares the backends, trains twice and expects the same bits, measures whole epochs,
# products and training steps, in turn with the same networks in PyTorch where Python has
# it, and then runs the GPU suite for as long as there is time. OUT (default
# ./out) gets report.md, which begins with what is wrong and says what did not run and
# why; figures.json, the figures to give away; and logs.tar.gz. The exit status is 1 if
# anything was wrong. A goal that is missed is not wrong: the report says so.
#
# OpenGL comes from libEGL.so.1 (package libegl1 on Debian). Where the machine is
# without it, Debian packages in a folder named packages beside this file are unpacked into
# OUT and used from there: libegl1 libglvnd0 libopengl0 libgl1 libglx0. A vendor's JSON
# file that is elsewhere is named by __EGL_VENDOR_LIBRARY_FILENAMES.
#
#   DEVICE=N         which GPU, by its number in glyph devices (default: the first hardware one)
#   SOFTWARE=1       take a software renderer, to try the bundle itself, in small sizes
#   IMAGES=N         images of an epoch (default 60000; with SOFTWARE=1 640)
#   LIMIT=450        seconds for all of it
#   PYTHON=python3   the Python that may have torch
#   TORCH=cuda       where torch computes (with SOFTWARE=1 cpu)
#   PARTS=REGEXP     only the parts whose names match
set -u
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-out}
mkdir -p "$out" && out=$(cd "$out" && pwd) || exit 1
glyph=$here/glyph python=${PYTHON:-python3} limit=${LIMIT:-450}
logs=$out/gpu-check-logs
rm -rf "$logs" "$out/report.md" "$out/figures.json" "$out/logs.tar.gz" # of a check before
mkdir "$logs" || exit 1
unset CI # there, a test that this machine can't run is a failure
export GLYPH_REQUIRE_GPU=1 GLYPH_CACHE="$logs/programs"
failures=$logs/failures.txt missing=$logs/missing.txt running=$logs/running.txt
: >"$failures"
: >"$missing"
began=$(date +%s)

# OpenGL's loader, where it was brought along.
if ls "$here"/packages/*.deb >/dev/null 2>&1; then
	for package in "$here"/packages/*.deb; do dpkg -x "$package" "$logs/packages" || echo "- packages: ${package##*/} can't be unpacked" >>"$failures"; done
	folder=$(find "$logs/packages" -name 'libEGL.so.1' 2>/dev/null | head -n 1)
	LD_LIBRARY_PATH=${folder%/*}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
	export LD_LIBRARY_PATH
fi
# NVIDIA's file for that loader, where containers have it.
elsewhere=/usr/local/nvidia/share/glvnd/egl_vendor.d/10_nvidia.json
if [ -z "${__EGL_VENDOR_LIBRARY_FILENAMES:-}" ] && [ -e $elsewhere ] && [ ! -e /usr/share/glvnd/egl_vendor.d/10_nvidia.json ]; then
	export __EGL_VENDOR_LIBRARY_FILENAMES=$elsewhere
fi

# why NAME: the tests that failed in a part's log, or else its last line.
why() {
	tests=$(sed -n 's/^ *--- FAIL: \([^ ]*\).*/\1/p' "$logs/$1.log" 2>/dev/null | head -n 5 | tr '\n' ' ')
	if [ -n "$tests" ]; then echo "$tests"; else grep -v '^ *$' "$logs/$1.log" 2>/dev/null | tail -n 1 | cut -c 1-300; fi
}

# part NAME SECONDS COMMAND...: runs a part of the check, for at most so long, and no longer
# than there is time. It fails if the part fails or did not run.
part() {
	name=$1 most=$2 left=$((limit - $(date +%s) + began))
	if [ -n "${SOFTWARE:-}" ]; then most=$((3 * most)); fi
	shift 2
	if ! echo "$name" | grep -qE -- "${PARTS:-.}"; then
		echo "- $name: not among PARTS=$PARTS" >>"$missing"
		return 1
	fi
	if [ "$left" -lt 10 ]; then
		echo "$name: no time is left"
		echo "- $name: no time was left of $limit s" >>"$missing"
		return 1
	fi
	allowed=$most
	if [ "$left" -lt "$most" ]; then allowed=$left; fi
	echo "$name" >"$running"
	started=$(date +%s)
	timeout -k 5 "$allowed" "$@" >"$logs/$name.log" 2>&1 &
	child=$!
	wait $child # which a signal interrupts
	status=$?
	child=""
	rm -f "$running"
	echo "$name: status $status after $(($(date +%s) - started)) s"
	case $status in
	0) return 0 ;;
	124) said="did not end in $allowed s" ;;
	12[6-7]) said="could not be started" ;;
	12[89] | 1[3-9][0-9]) said="killed by signal $((status - 128))" ;;
	*) said="status $status" ;;
	esac
	late="" # it was stopped for its time
	if [ $status -eq 137 ] && [ $(($(date +%s) - started)) -ge "$allowed" ]; then late=1; fi
	if [ $status -eq 124 ]; then late=1; fi
	if [ -n "$late" ]; then said="did not end in $allowed s"; fi
	if [ -n "$late" ] && [ "$allowed" -lt "$most" ]; then
		echo "- $name: not finished; only $allowed s were left of $limit" >>"$missing"
	else
		echo "- $name: $said; $(why "$name")" >>"$failures"
	fi
	return $status
}

# goal NAME VALUE WANT LESS: a row that says whether a value is at most (LESS=1), or at
# least, what is wanted.
goal() {
	awk -v name="$1" -v v="$2" -v want="$3" -v less="$4" 'BEGIN {
		bound = (less ? "at most " : "at least ") want
		if (v == "") { printf "| %s | not measured | %s | |\n", name, bound; exit }
		met = less ? v + 0 <= want + 0 : v + 0 >= want + 0
		printf "| %s | %.3g | %s | %s |\n", name, v, bound, met ? "met" : sprintf("MISSED by a factor of %.3g", less ? v / want : want / v)
	}'
}

# seconds NAME: of 60,000 images at the speed of the last epoch.
seconds() {
	sed -n 's/.*"images_per_second": *\([0-9.e+]*\).*/\1/p' "$logs/$1/summary.json" 2>/dev/null | tail -n 1 | awk '$1 > 0 { print 60000 / $1 }'
}

# The best tile at 4096, as a share of the multiply-adds that the device does in registers.
sgemm_share() {
	[ -e "$logs/bench.log" ] && [ -e "$logs/sgemm.log" ] || return
	peak=$(sed -n 's|^peak \([0-9.e+]*\) GFLOP/s.*|\1|p' "$logs/bench.log" | head -n 1)
	awk -v peak="$peak" '/SGEMM\/4096/ { for (i = 2; i <= NF; i++) if ($i == "GFLOP/s" && $(i - 1) > best) best = $(i - 1) }
		END { if (best > 0 && peak > 0) print 100 * best / peak }' "$logs/sgemm.log"
}

# tests LOG RESULT: how many tests of the suite ended so.
tests() { grep -c -- "^ *--- $1" "$logs/suite.log" 2>/dev/null || true; }

write_report() {
	echo "# Glyph on a GPU, $(date -u +%Y-%m-%d)"
	echo
	sed -n 's/^gpu [0-9]*  *//p; s/^OpenGL  *//p' "$logs/devices.log" 2>/dev/null
	echo
	if [ -s "$failures" ]; then
		printf '## Wrong\n\n'
		cat "$failures"
	else
		echo "Nothing that ran was wrong."
	fi
	echo
	if [ -s "$missing" ]; then
		printf '## Did not run\n\n'
		cat "$missing"
		echo
	fi
	if [ -e "$logs/suite.log" ]; then
		reasons=$(grep -B 1 -- '^ *--- SKIP' "$logs/suite.log" | sed -n 's/^ *[a-z_0-9]*\.go:[0-9]*: //p' | sort -u | sed '$!s/$/;/' | tr '\n' ' ' | sed 's/ $//')
		echo "GPU suite: $(tests PASS) passed, $(tests FAIL) failed, $(tests SKIP) skipped${reasons:+ ($reasons)}."
	fi
	echo "The whole check took $(($(date +%s) - began)) s."
	printf '\n## Goals\n\n'
	if [ -n "${SOFTWARE:-}" ]; then printf 'They are for a GPU; this is a software renderer.\n\n'; fi
	echo "| what | measured | goal | |"
	echo "|---|---|---|---|"
	goal "mlp, batch 16: seconds of 60,000 images" "$(seconds epoch-mlp)" 0.10 1
	goal "cnn 32-64-128, batch 128: seconds of 60,000 images" "$(seconds epoch-cnn)" 0.10 1
	goal "SGEMM 4096³: percent of the multiply-adds in registers" "$(sgemm_share)" 60 ""
	echo
	if [ -n "${glyphs:-}" ] && [ -n "${torches:-}" ]; then
		# shellcheck disable=SC2086 # lists of files
		"$python" "$here/torch_steps.py" report $glyphs -- $torches || echo "The steps could not be compared with PyTorch's."
	fi
	for log in devices bench sgemm $(cd "$logs" && ls compare-*.log 2>/dev/null | sed 's/\.log$//'); do
		[ -e "$logs/$log.log" ] || continue
		printf '## %s\n\n```\n' "$log"
		cat "$logs/$log.log"
		printf '```\n\n'
	done
	sed -n 's/^- \([^:]*\):.*/\1/p' "$failures" | while read -r log; do
		[ -e "$logs/$log.log" ] || continue
		printf '## The end of %s.log\n\n```\n' "$log"
		tail -n 40 "$logs/$log.log"
		printf '```\n\n'
	done
}

# The report is written however the check ends.
finish() {
	trap '' INT TERM HUP
	trap - EXIT
	if [ -s "$running" ]; then echo "- $(cat "$running"): the check was stopped during it" >>"$failures"; fi
	write_report >"$out/report.md" 2>"$logs/report.log"
	result=0
	if [ -s "$failures" ]; then result=1; fi
	cat "$missing" "$failures"
	(cd "$logs" && tar czf "$out/logs.tar.gz" ./*.log) && cd "$out" && rm -rf "$logs"
	echo "report: $out/report.md"
	exit $result
}
trap finish EXIT
child="" # the part that runs
trap 'if [ -n "$child" ]; then kill "$child"; fi; exit 1' INT TERM HUP

device="" each=200ms compared="mlp cnn kmnist-benchmark vgg resnet" images=${IMAGES:-60000} rounds="1 2 3" torch=${TORCH:-cuda} seconds=0.5 networks=""
if [ -n "${DEVICE:-}" ]; then device="--device $DEVICE"; fi
if [ -n "${SOFTWARE:-}" ]; then
	each=10ms compared="mlp cnn" images=${IMAGES:-640} rounds=1 torch=${TORCH:-cpu} seconds=0.1 networks="--model cnn"
	echo "- compare of kmnist-benchmark, vgg and resnet, and 4096³: they take minutes in software" >>"$missing"
fi

part devices 30 "$glyph" devices
if [ -z "${SOFTWARE:-}" ] && ! grep -q "first hardware GPU" "$logs/devices.log" 2>/dev/null; then
	echo "- OpenGL finds no hardware GPU, so nothing else ran; with SOFTWARE=1 a software renderer is checked instead" >>"$failures"
	exit 1
fi
part shaders 60 "$here/shaders.test" -test.v
# shellcheck disable=SC2086 # device and networks are two words or none, here and below
for model in $compared; do
	part "compare-$model" 60 "$glyph" compare --backend gpu --model $model --batch 8 --steps 10 $device
done
trained=""
for again in 1 2; do
	# shellcheck disable=SC2086
	part "train-$again" 60 "$glyph" train --backend gpu $device --data synthetic --model cnn --limit 1024 --validation 0 --batch 64 --epochs 1 --lr 0.02 --report=false --out "$logs/train-$again" && trained="$trained $again"
done
if [ "$trained" = " 1 2" ]; then
	part same-bits 5 cmp "$logs/train-1/last.safetensors" "$logs/train-2/last.safetensors"
else
	echo "- same-bits: there are no two trainings to compare" >>"$missing"
fi

# Whole epochs of training, of which the last of three counts: the first includes compiling.
epoch() { # NAME OPTION...
	set_of=$1
	shift
	rm -rf "${logs:?}/$set_of"
	# shellcheck disable=SC2086
	part "$set_of" 60 "$glyph" train --backend gpu $device --data synthetic --limit "$images" --epochs 3 --lr 0.02 --checkpoint 0 --report=false --out "$logs/$set_of" "$@"
}
epoch epoch-mlp --model mlp --batch 16
epoch epoch-cnn --model cnn --filters 32,64,128 --batch 128
cd "$logs" || exit 1
part sgemm 60 "$here/gpu.test" -test.run '^$' -test.bench SGEMM
# shellcheck disable=SC2086
part bench 120 "$glyph" bench --backend gpu $device --time $each $networks --share "$out/figures.json"

no_torch="" wait=$(((limit - $(date +%s) + began) / 2)) # for each of two questions
if [ "$wait" -gt 60 ]; then wait=60; fi
if [ "$wait" -lt 5 ]; then
	no_torch="no time was left"
elif ! timeout -k 5 "$wait" "$python" -c 'import torch' >/dev/null 2>&1; then
	no_torch="$python has no torch"
elif [ "$torch" = cuda ] && ! timeout -k 5 "$wait" "$python" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' >/dev/null 2>&1; then
	no_torch="torch finds no CUDA device"
fi
if [ -n "$no_torch" ]; then echo "- steps in PyTorch: $no_torch" >>"$missing"; fi
glyphs="" torches=""
# steps ROUND: training steps of Glyph and of PyTorch.
steps() {
	# shellcheck disable=SC2086
	part "steps-$1" 60 "$glyph" bench --backend gpu $device --operations=false --time $each --json $networks &&
		tail -n 1 "$logs/steps-$1.log" >"$logs/steps-$1.json" && glyphs="$glyphs $logs/steps-$1.json"
	if [ -z "$no_torch" ]; then
		# shellcheck disable=SC2086
		part "torch-$1" 90 "$python" "$here/torch_steps.py" measure "$logs/torch-$1.json" --device "$torch" --seconds $seconds $networks &&
			torches="$torches $logs/torch-$1.json"
	fi
}
for round in $rounds; do steps "$round"; done

# The suite comes last: nobody knows beforehand how long it takes, and the comparisons have
# already found what it would find in the kernels of the presets.
part suite 300 "$here/gpu.test" -test.v ${SOFTWARE:+-test.short}
