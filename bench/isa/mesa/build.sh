#!/usr/bin/env bash
# Makes the root directory that make gpu-isa, gpu-submit and gpu-stacks take as ROOT: a
# small Debian 13 with Mesa 25, and in its /isa Mesa's no-op devices, libraries that a
# driver takes for a GPU of AMD, Intel or NVIDIA and that do nothing.
#
#   build.sh ROOT
#
# Debian has no package of the no-op devices, so they are built from its source of Mesa,
# without the rest of Mesa. This runs as root, needs debootstrap, a network and 3 GB, and
# takes about ten minutes on two cores. Run again, it goes on where it stopped.
#
#   MIRROR=http://deb.debian.org/debian    where the packages come from
set -euo pipefail
root=${1:?"which folder? usage: build.sh ROOT"}
mirror=${MIRROR:-http://deb.debian.org/debian}
[ "$(id -u)" = 0 ] || { echo "this has to run as root: it makes a root directory and works in it" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "there is no debootstrap: apt-get install debootstrap" >&2; exit 1; }

[ -e "$root/etc/debian_version" ] || debootstrap --variant=minbase trixie "$root" "$mirror"
printf 'deb %s trixie main\ndeb-src %s trixie main\n' "$mirror" "$mirror" >"$root/etc/apt/sources.list"
# Names are looked up, and packages fetched, as on this system.
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
grep -lis 'proxy\|verify' /etc/apt/apt.conf.d/* | xargs -r cp -t "$root/etc/apt/apt.conf.d/"
mountpoint -q "$root/dev" || mount --rbind /dev "$root/dev"
mkdir -p "$root/isa"

cat >"$root/isa/make" <<'INSIDE'
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
get="apt-get install -y -qq --no-install-recommends"
apt-get update -qq
# To run: OpenGL's drivers, and Vulkan's for zink. To compile programs: a compiler, and
# EGL's headers. To build the devices: what Mesa's build asks for.
$get libegl1 libegl-mesa0 libgl1-mesa-dri mesa-vulkan-drivers
$get gcc libc6-dev libegl-dev libgl-dev
$get dpkg-dev meson ninja-build g++ pkgconf bison flex python3-mako python3-yaml python3-packaging \
	libdrm-dev libelf-dev zlib1g-dev libexpat1-dev
mkdir -p /src && cd /src
[ -d mesa ] || { apt-get source -qq --download-only mesa; dpkg-source --no-check -x mesa_*.dsc mesa; }
cd mesa
# Mesa builds Intel's no-op device with all of Intel's tools, which need much more.
grep -q 'the no-op device alone' src/intel/meson.build || cat >>src/intel/meson.build <<'MESON'
# the no-op device alone
shared_library('intel_noop_drm_shim', ['tools/intel_noop_drm_shim.c', intel_dev_serialize_src],
  include_directories: [inc_include, inc_src, inc_intel], gnu_symbol_visibility: 'hidden',
  dependencies: [dep_libdrm, dep_drm_shim, idep_mesautil, idep_libintel_common, idep_intel_dev, idep_parson])
MESON
[ -e build/build.ninja ] || meson setup build -Dbuildtype=release -Dtools=drm-shim -Dgallium-drivers=crocus,nouveau \
	-Dvulkan-drivers=amd -Dplatforms= -Dglx=disabled -Degl=disabled -Dgbm=disabled -Dopengl=true -Dgles1=disabled \
	-Dgles2=disabled -Dllvm=disabled -Dvideo-codecs= -Dzstd=disabled
devices="src/amd/drm-shim/libamdgpu_noop_drm_shim.so src/nouveau/drm-shim/libnouveau_noop_drm_shim.so
	src/intel/libintel_noop_drm_shim.so"
# shellcheck disable=SC2086 # a list of files
ninja -C build $devices && cd build && install $devices /isa/
INSIDE
chroot "$root" bash /isa/make
ls "$root"/isa/*.so
