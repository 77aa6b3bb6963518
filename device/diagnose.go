package device

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"

	"glyph/gpu"
)

// Advice is one reason why no hardware GPU is found, and what to do about it.
type Advice struct {
	Why string `json:"why"`
	Do  string `json:"do"`
}

// surroundings are what a diagnosis looks at: of this machine, or of one that a test
// makes up.
type surroundings struct {
	system string                  // runtime.GOOS
	files  fs.FS                   // from the root directory on
	use    func(path string) error // opens for reading and writing
	env    func(string) string
}

func here() surroundings {
	return surroundings{runtime.GOOS, os.DirFS("/"), func(p string) error {
		f, err := os.OpenFile(p, os.O_RDWR, 0)
		if err == nil {
			err = f.Close()
		}
		return err
	}, os.Getenv}
}

// diagnose says why OpenGL finds no hardware GPU, from what it found, the error if that
// is nothing, and what there is on the machine. It is nil where it finds one.
func (s surroundings) diagnose(found []gpu.Device, problem string) (list []Advice) {
	for _, d := range found {
		if !d.Software {
			return nil
		}
	}
	if strings.Contains(problem, "CGO_ENABLED=0") {
		return []Advice{{"this program was built without OpenGL", "build it with a C compiler and OpenGL's headers (libgl-dev): make build"}}
	}
	if s.system != "linux" {
		return nil
	}
	list = append(list, s.settings()...)
	if strings.Contains(problem, "no EGL: ") { // and not "no EGL display"
		list = append(list, Advice{"OpenGL's loader, libEGL.so.1, can't be opened",
			"install libegl1 (Debian, Ubuntu), libglvnd-egl (Fedora) or libglvnd (Arch)"})
	}
	nvidia, others := s.cards()
	if nvidia {
		list = append(list, s.nvidia()...)
	}
	if others {
		list = append(list, s.mesa()...)
	}
	if !nvidia && !others {
		list = append(list, s.noCard())
	}
	if len(list) == 0 {
		list = append(list, Advice{"the driver is there, and its OpenGL does not start",
			"run glyph devices with EGL_LOG_LEVEL=debug, which makes most drivers say more, and check that the driver has OpenGL 4.3"})
	}
	return list
}

// settings are environment variables that keep OpenGL from the GPU.
func (s surroundings) settings() (list []Advice) {
	for _, name := range []string{"LIBGL_ALWAYS_SOFTWARE", "GALLIUM_DRIVER", "MESA_LOADER_DRIVER_OVERRIDE"} {
		if v := s.env(name); v != "" && v != "0" && v != "false" {
			list = append(list, Advice{fmt.Sprintf("%s=%s is set, which chooses Mesa's driver", name, v), "unset " + name})
		}
	}
	for _, file := range strings.Split(s.env("__EGL_VENDOR_LIBRARY_FILENAMES"), ":") {
		if file != "" && !s.there(file) {
			list = append(list, Advice{fmt.Sprintf("__EGL_VENDOR_LIBRARY_FILENAMES names %s, which does not exist", file),
				"unset it, or name the vendor's JSON file"})
		}
	}
	return list
}

// cards reports whether there is a GPU of NVIDIA, and one that Mesa is the driver of.
func (s surroundings) cards() (nvidia, others bool) {
	nvidia = s.there("/proc/driver/nvidia/version") || s.there("/dev/nvidiactl")
	classes, _ := fs.Glob(s.files, "sys/bus/pci/devices/*/class")
	for _, class := range classes {
		if !strings.HasPrefix(s.text("/"+class), "0x03") { // displays and 3D
			continue
		}
		switch s.text("/" + path.Dir(class) + "/vendor") {
		case "0x10de":
			nvidia = true
		case "0x1002", "0x8086":
			others = true
		}
	}
	return nvidia, others
}

// container reports whether this is one.
func (s surroundings) container() bool {
	return s.there("/.dockerenv") || s.there("/run/.containerenv") || s.env("container") != ""
}

func (s surroundings) noCard() Advice {
	if s.container() {
		return Advice{"this container has no GPU",
			"start it with --gpus all -e NVIDIA_DRIVER_CAPABILITIES=graphics,compute,utility for NVIDIA (with NVIDIA's container toolkit), or with --device /dev/dri for AMD and Intel"}
	}
	return Advice{"there is no GPU of NVIDIA, AMD or Intel on the PCI bus", "train with --backend cpu, or on another machine"}
}

// nvidia is what an NVIDIA card needs: the kernel's driver, the library for EGL, and
// the file that tells the loader of it.
func (s surroundings) nvidia() (list []Advice) {
	const graphics = "start it with -e NVIDIA_DRIVER_CAPABILITIES=graphics,compute,utility, or all"
	inside := s.container()
	switch {
	case !s.there("/proc/driver/nvidia/version"):
		return []Advice{{"there is an NVIDIA card, and NVIDIA's driver is not loaded in the kernel",
			"install it (Debian: nvidia-driver; Ubuntu: sudo ubuntu-drivers install) and reboot; nvidia-smi then lists the card"}}
	case !s.there("/dev/nvidiactl"):
		do := "run nvidia-modprobe -c 0 as root"
		if inside {
			do = "start the container with --gpus all"
		}
		list = append(list, Advice{"NVIDIA's driver is loaded, and its devices, /dev/nvidia*, are not here", do})
	case s.use("/dev/nvidiactl") != nil:
		list = append(list, Advice{"/dev/nvidiactl may not be opened by this user", "sudo usermod -aG video,render \"$USER\", and log in again"})
	}
	library := s.match("usr/lib*/libEGL_nvidia.so.0", "usr/lib/*/libEGL_nvidia.so.0", "usr/local/lib*/libEGL_nvidia.so.0", "usr/local/nvidia/lib*/libEGL_nvidia.so.0")
	elsewhere := s.match("usr/local/nvidia/share/glvnd/egl_vendor.d/*nvidia*.json")
	switch {
	case library == "" && inside:
		list = append(list, Advice{"the container has NVIDIA's driver for computing alone, without libEGL_nvidia.so.0", graphics})
	case library == "":
		list = append(list, Advice{"NVIDIA's library for OpenGL without a display, libEGL_nvidia.so.0, is missing",
			"install libegl-nvidia0 (Debian), libnvidia-gl-VERSION for the VERSION that nvidia-smi shows (Ubuntu), or nvidia-utils (Arch)"})
	case !s.vendor("libEGL_nvidia") && elsewhere != "":
		list = append(list, Advice{"NVIDIA's file for OpenGL's loader is where that does not look", "export __EGL_VENDOR_LIBRARY_FILENAMES=" + elsewhere})
	case !s.vendor("libEGL_nvidia"):
		list = append(list, Advice{"no file in /usr/share/glvnd/egl_vendor.d names NVIDIA's library, so the loader passes it over",
			`write {"file_format_version":"1.0.0","ICD":{"library_path":"libEGL_nvidia.so.0"}} to /usr/share/glvnd/egl_vendor.d/10_nvidia.json`})
	}
	return list
}

// mesa is what a card of AMD or Intel needs.
func (s surroundings) mesa() (list []Advice) {
	node := s.match("dev/dri/renderD*")
	switch {
	case node == "" && s.container():
		list = append(list, Advice{"the container has no /dev/dri", "start it with --device /dev/dri"})
	case node == "":
		list = append(list, Advice{"the kernel has no driver for the card: there is no /dev/dri/renderD*",
			"install the card's firmware (Debian: firmware-amd-graphics or firmware-misc-nonfree) and reboot; dmesg says what is missing"})
	case s.use(node) != nil:
		do := "sudo usermod -aG render,video \"$USER\", and log in again"
		if s.container() {
			do = "start the container with --group-add for the group that owns it, which ls -ln /dev/dri shows"
		}
		list = append(list, Advice{node + " may not be opened by this user", do})
	}
	if !s.vendor("libEGL_mesa") {
		list = append(list, Advice{"Mesa, the driver of cards of AMD and Intel, is not installed: no file in /usr/share/glvnd/egl_vendor.d names it",
			"install libegl-mesa0 and libgl1-mesa-dri (Debian, Ubuntu), mesa-libEGL and mesa-dri-drivers (Fedora), or mesa (Arch)"})
	}
	return list
}

// vendor reports whether a file of the loader names a library: those that the environment
// names, else those in its directories.
func (s surroundings) vendor(library string) bool {
	var files []string
	for _, f := range strings.Split(s.env("__EGL_VENDOR_LIBRARY_FILENAMES"), ":") {
		if f != "" && s.there(f) {
			files = append(files, f)
		}
	}
	if len(files) == 0 {
		dirs := cmp.Or(s.env("__EGL_VENDOR_LIBRARY_DIRS"), "/usr/share/glvnd/egl_vendor.d:/etc/glvnd/egl_vendor.d")
		for _, dir := range strings.Split(dirs, ":") {
			list, _ := fs.Glob(s.files, strings.TrimPrefix(path.Clean(dir), "/")+"/*.json")
			files = append(files, list...)
		}
	}
	return slices.ContainsFunc(files, func(f string) bool { return strings.Contains(s.text(f), library) })
}

// match is the first file of a pattern, with its path, or "".
func (s surroundings) match(patterns ...string) string {
	for _, p := range patterns {
		if files, _ := fs.Glob(s.files, p); len(files) > 0 {
			return "/" + files[0]
		}
	}
	return ""
}

func (s surroundings) there(file string) bool {
	_, err := fs.Stat(s.files, strings.TrimPrefix(path.Clean(file), "/"))
	return err == nil
}

func (s surroundings) text(file string) string {
	text, err := fs.ReadFile(s.files, strings.TrimPrefix(file, "/"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}
