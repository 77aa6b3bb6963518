package device

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"glyph/gpu"
)

// fake is a machine with the files, whose contents follow a "=", and the variables. A
// file with a "!" in front may not be opened.
func fake(files, variables string) surroundings {
	m, shut, env := fstest.MapFS{}, map[string]bool{}, map[string]string{}
	for _, f := range strings.Fields(files) {
		name, text, _ := strings.Cut(f, "=")
		if rest, found := strings.CutPrefix(name, "!"); found {
			name = rest
			shut["/"+name] = true
		}
		m[name] = &fstest.MapFile{Data: []byte(text + "\n")}
	}
	for _, v := range strings.Fields(variables) {
		name, value, _ := strings.Cut(v, "=")
		env[name] = value
	}
	return surroundings{"linux", m, func(p string) error {
		if shut[p] {
			return errors.New("permission denied")
		}
		return nil
	}, func(name string) string { return env[name] }}
}

// Each thing that may be wrong, and nothing else, is named with what to do about it.
func TestDiagnose(t *testing.T) {
	const (
		nvidia = "sys/bus/pci/devices/0/class=0x030200 sys/bus/pci/devices/0/vendor=0x10de "
		amd    = "sys/bus/pci/devices/1/class=0x030000 sys/bus/pci/devices/1/vendor=0x1002 "
		disk   = "sys/bus/pci/devices/2/class=0x010802 sys/bus/pci/devices/2/vendor=0x8086 "
		driver = nvidia + "proc/driver/nvidia/version=x dev/nvidiactl "
		egl    = "usr/lib/x86_64-linux-gnu/libEGL_nvidia.so.0 "
		icd    = "usr/share/glvnd/egl_vendor.d/10_nvidia.json=libEGL_nvidia.so.0 "
		mesa   = "usr/share/glvnd/egl_vendor.d/50_mesa.json=libEGL_mesa.so.0 "
		node   = "dev/dri/renderD128 "
		docker = ".dockerenv "

		elsewhere = "usr/local/nvidia/share/glvnd/egl_vendor.d/10_nvidia.json=libEGL_nvidia.so.0 "
	)
	for name, c := range map[string]struct {
		files, env, problem string
		want                []string // in the reason and the advice, for each advice
	}{
		"no card":                     {disk, "", "", []string{"no GPU of NVIDIA, AMD or Intel|--backend cpu"}},
		"no card in a container":      {docker, "", "", []string{"this container has no GPU|--gpus all -e NVIDIA_DRIVER_CAPABILITIES=graphics"}},
		"podman":                      {"", "container=podman", "", []string{"this container has no GPU|--device /dev/dri"}},
		"no libEGL":                   {driver + egl + icd, "", "no EGL: libEGL.so.1: cannot open", []string{"libEGL.so.1|libegl1"}},
		"no vendor's file at all":     {driver + egl, "", "no OpenGL 4.3 device: EGL surfaceless: no EGL display (EGL error 0x300C)", []string{"no file in /usr/share/glvnd/egl_vendor.d|10_nvidia.json"}},
		"NVIDIA's files elsewhere":    {docker + driver + "usr/local/nvidia/lib64/libEGL_nvidia.so.0 " + elsewhere, "", "", []string{"does not look|__EGL_VENDOR_LIBRARY_FILENAMES=/usr/local/nvidia/share"}},
		"they are named":              {docker + driver + "usr/local/nvidia/lib64/libEGL_nvidia.so.0 " + elsewhere, "__EGL_VENDOR_LIBRARY_FILENAMES=/usr/local/nvidia/share/glvnd/egl_vendor.d/10_nvidia.json", "", []string{"does not start|EGL_LOG_LEVEL"}},
		"their folder is named":       {driver + egl + icd, "__EGL_VENDOR_LIBRARY_DIRS=/empty", "", []string{"no file in|10_nvidia.json"}},
		"no kernel driver":            {nvidia, "", "", []string{"not loaded in the kernel|nvidia-smi"}},
		"no devices":                  {nvidia + "proc/driver/nvidia/version=x " + egl + icd, "", "", []string{"/dev/nvidia*|nvidia-modprobe"}},
		"no devices in a container":   {docker + nvidia + "proc/driver/nvidia/version=x " + egl + icd, "", "", []string{"/dev/nvidia*|--gpus all"}},
		"devices that are shut":       {nvidia + "proc/driver/nvidia/version=x !dev/nvidiactl " + egl + icd, "", "", []string{"may not be opened|usermod"}},
		"computing alone":             {docker + driver, "", "", []string{"for computing alone|NVIDIA_DRIVER_CAPABILITIES=graphics"}},
		"no library":                  {driver, "", "", []string{"libEGL_nvidia.so.0, is missing|libnvidia-gl"}},
		"no vendor's file":            {driver + egl + mesa, "", "", []string{"no file in /usr/share/glvnd/egl_vendor.d|10_nvidia.json"}},
		"NVIDIA's all there":          {driver + egl + icd, "", "", []string{"does not start|EGL_LOG_LEVEL"}},
		"no render node":              {amd + mesa, "", "", []string{"no driver for the card|firmware"}},
		"no render node in container": {docker + amd + mesa, "", "", []string{"no /dev/dri|--device /dev/dri"}},
		"a render node that is shut":  {amd + mesa + "!" + node, "", "", []string{"/dev/dri/renderD128 may not|usermod -aG render"}},
		"the same in a container":     {docker + amd + mesa + "!" + node, "", "", []string{"/dev/dri/renderD128 may not|--group-add"}},
		"no Mesa":                     {amd + node, "", "", []string{"Mesa, the driver|libegl-mesa0"}},
		"software by a variable":      {amd + node + mesa, "LIBGL_ALWAYS_SOFTWARE=1 GALLIUM_DRIVER=", "", []string{"LIBGL_ALWAYS_SOFTWARE=1|unset"}},
		"a vendor's file by name":     {driver + egl + icd, "__EGL_VENDOR_LIBRARY_FILENAMES=/no/such.json", "", []string{"/no/such.json, which does not exist|unset"}},
		"no cgo":                      {amd, "", "this build has no OpenGL: it was built with CGO_ENABLED=0", []string{"without OpenGL|make build"}},
		"two cards":                   {driver + egl + amd + node + mesa, "", "", []string{"no file in|10_nvidia.json"}},
	} {
		got := fake(c.files, c.env).diagnose([]gpu.Device{{Software: true}}, c.problem)
		if len(got) != len(c.want) {
			t.Errorf("%s: %q", name, got)
			continue
		}
		for i, a := range got {
			why, do, _ := strings.Cut(c.want[i], "|")
			if !strings.Contains(a.Why, why) || !strings.Contains(a.Do, do) {
				t.Errorf("%s: %q, want %q", name, a, c.want[i])
			}
		}
	}
	if got := fake("", "LIBGL_ALWAYS_SOFTWARE=1").diagnose([]gpu.Device{{Software: true}, {}}, ""); got != nil {
		t.Errorf("with a GPU: %q", got)
	}
	other := fake("", "")
	other.system = "darwin"
	if got := other.diagnose(nil, "no EGL on this system"); got != nil {
		t.Errorf("on another system: %q", got)
	}
}
