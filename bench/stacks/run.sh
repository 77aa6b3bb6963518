#!/usr/bin/env bash
# Runs the GPU suite, and glyph compare for every preset, on each software OpenGL there
# is, and prints a line for each: make gpu-stacks.
#
#   run.sh GLYPH GPU_TEST OUT [ROOT]
#
# The stacks are Mesa's llvmpipe, its reference renderer softpipe, and zink, which is
# OpenGL on Vulkan, over lavapipe: those of this system, and those of ROOT, the root
# directory of a system with another Mesa, for which this has to run as root. OUT gets
# the logs. The exit status is 1 if anything failed. zink has to be that of Mesa 25 or
# newer. softpipe is an interpreter and slow, so it runs convolutions in small sizes, and
# only those operations of the suite that are not products.
#
#   SHORT=        the whole suite, and not the part that go test -short takes
#   STACKS="..."  only these, of: llvmpipe softpipe zink root-llvmpipe root-softpipe root-zink
#   LIMIT=900     seconds for the suite, and for each comparison
set -u
glyph=$1 gpu_test=$2 out=$3 root=${4:-}
short=${SHORT--test.short} limit=${LIMIT:-900}
mkdir -p "$out"
bad=0

# environment STACK: the settings that choose a stack.
environment() {
	case ${1#root-} in
	llvmpipe) echo GALLIUM_DRIVER=llvmpipe ;;
	softpipe) echo GALLIUM_DRIVER=softpipe MESA_GL_VERSION_OVERRIDE=4.3 MESA_GLSL_VERSION_OVERRIDE=430 ;;
	zink) echo GALLIUM_DRIVER=zink MESA_LOADER_DRIVER_OVERRIDE=zink "VK_DRIVER_FILES=$(lavapipe "$1")" ;;
	esac
}

lavapipe() {
	local at=
	[ "$1" = zink ] || at=$root
	local icd
	icd=$(ls "$at"/usr/share/vulkan/icd.d/lvp_icd*.json 2>/dev/null | head -n 1)
	echo "${icd#"$at"}"
}

# on STACK LOG COMMAND...: runs a command on a stack, for a limited time.
on() {
	local stack=$1 log=$2 settings
	shift 2
	settings="LIBGL_ALWAYS_SOFTWARE=1 GLYPH_REQUIRE_GPU=1 GLYPH_CACHE=off GLYPH_CONTEXT=egl $(environment "$stack")"
	# shellcheck disable=SC2086 # a list of settings
	case $stack in
	root-*) timeout -k 5 "$limit" chroot "$root" env -i HOME=/root PATH=/usr/bin:/bin $settings "$@" ;;
	*) timeout -k 5 "$limit" env $settings "$@" ;;
	esac >"$log" 2>&1
}

report() { # STACK WHAT STATUS SECONDS
	local text=ok
	case $3 in 0) ;; 124 | 137) text="not done in $limit s" bad=1 ;; *) text=FAILED bad=1 ;; esac
	printf '%-14s %-24s %-20s %5d s\n' "$1" "$2" "$text" "$4"
}

# Two tests of the suite look into /proc.
if [ -n "$root" ] && [ "$(id -u)" = 0 ] && [ -d "$root/proc" ] && [ ! -e "$root/proc/self" ]; then
	mount -t proc proc "$root/proc" && trap 'umount "$root/proc"' EXIT
fi
for stack in ${STACKS:-llvmpipe softpipe zink root-llvmpipe root-softpipe root-zink}; do
	run_glyph=$glyph run_test=$gpu_test
	case $stack in root-*)
		[ -n "$root" ] && [ "$(id -u)" = 0 ] && [ -d "$root/usr" ] || { echo "$stack: there is no other root to run it in"; continue; }
		mkdir -p "$root/tmp/glyph-stacks" && cp "$glyph" "$gpu_test" "$root/tmp/glyph-stacks/"
		run_glyph=/tmp/glyph-stacks/${glyph##*/} run_test=/tmp/glyph-stacks/${gpu_test##*/} ;;
	esac
	case $stack in *zink) [ -n "$(lavapipe "$stack")" ] || { echo "$stack: there is no lavapipe"; continue; } ;; esac
	if ! on "$stack" "$out/$stack-devices.log" "$run_glyph" devices || ! grep -q "${stack#root-}" "$out/$stack-devices.log"; then
		echo "$stack: this Mesa does not have it"
		continue
	fi
	# 22.3.6 takes a range of a buffer for the one bound before: BENCHMARKS.md.
	case $stack in *zink) if grep -qE 'Mesa (1[0-9]|2[0-4])\.' "$out/$stack-devices.log"; then
		echo "$stack: this Mesa is too old for right numbers by zink: it takes 25"
		continue
	fi ;; esac
	presets=$("$glyph" compare --model . 2>&1 | sed -n 's/.*known are //p' | tr -d ,) part=.
	case $stack in *softpipe)
		presets="linear mlp cnn vgg resnet"
		part='^TestConformance$/^cases$/^(Copy|Gather|MaxPool|AvgPool|GlobalPool|BatchNorm|Add|Dropout|Softmax|L2|Optimize|MovingAverage|Advance|Confusion)' ;;
	esac
	for preset in $presets; do
		began=$SECONDS size="--batch 4"
		case $stack-$preset in
		*softpipe-cnn) size="--filters 4,8,8 --units 16 --batch 1 --steps 1" ;;
		*softpipe-vgg) size="--filters 8,8,8 --batch 1 --steps 1" ;;
		*softpipe-resnet) size="--depth 8 --width 4 --batch 1 --steps 1" ;;
		esac
		# shellcheck disable=SC2086 # a list of flags
		on "$stack" "$out/$stack-compare-$preset.log" "$run_glyph" compare --model "$preset" $size --backend gpu --data synthetic
		report "$stack" "compare $preset" $? $((SECONDS - began))
	done
	began=$SECONDS
	on "$stack" "$out/$stack-suite.log" "$run_test" $short -test.run "$part" -test.timeout "${limit}s"
	report "$stack" suite $? $((SECONDS - began))
done
exit $bad
