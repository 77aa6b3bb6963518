//go:build cgo

package gpu

// #include <stdlib.h>
// #include "exec.h"
//
// extern void *glyph_proc(char *name);
// static void *find(const char *name) { return glyph_proc((char *)name); }
// static const char *load(void) { return glyph_exec_load(find); }
import "C"

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// Devices lists the OpenGL devices, by creating a short-lived context on each.
// Devices without OpenGL 4.3 are left out; it is an error if none remains.
func Devices() ([]Device, error) {
	var list []Device
	err := onThread(func() error {
		return eachDevice("", func(_ context, d Device) bool {
			list = append(list, d)
			return false
		})
	})
	if len(list) > 0 {
		return list, nil
	}
	return nil, err
}

// onThread runs f on a thread of its own, which ends with it: OpenGL contexts
// are bound to threads.
func onThread(f func() error) error {
	result := make(chan error)
	go func() {
		runtime.LockOSThread()
		result <- f()
	}()
	return <-result
}

// eachDevice makes contexts one by one, current on this thread, until keep
// takes one, and closes the others. The error says why there is none.
func eachDevice(which string, keep func(context, Device) bool) error {
	list, err := candidates(which)
	if err != nil {
		return err
	}
	var problems []error
	index, found := 0, false
	for _, c := range list {
		// Without enumeration the surfaceless platform, or GLFW, is the one
		// device; with it, one of the same again.
		if found && (c.name == surfaceless || c.name == "GLFW") {
			continue
		}
		ctx, err := c.open()
		if err != nil {
			problems = append(problems, named(c.name, err))
			continue
		}
		d, err := describe(ctx)
		if err != nil {
			ctx.close()
			problems = append(problems, named(c.name, err))
			continue
		}
		d.Index, d.Context = index, c.name
		index++
		found = true
		if keep(ctx, d) {
			return nil
		}
		ctx.close()
	}
	if !found {
		return oneLine(fmt.Errorf("no OpenGL 4.3 device: %w", errors.Join(problems...)))
	}
	return nil
}

// named is err with the name of what it is about, which it may have already.
func named(name string, err error) error {
	if strings.HasPrefix(err.Error(), name+": ") {
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}

var (
	loadOnce sync.Once
	loadErr  error
	loader   context // during loadOnce
)

//export glyph_proc
func glyph_proc(name *C.char) unsafe.Pointer { return loader.proc(C.GoString(name)) }

// load finds OpenGL's functions. They are the process's, not the context's:
// libglvnd's EGL and GLX dispatch by the current context.
func load(ctx context) error {
	loadOnce.Do(func() {
		loader = ctx
		if loadErr = gl.InitWithProcAddrFunc(ctx.proc); loadErr != nil {
			loadErr = fmt.Errorf("OpenGL 4.3 is incomplete: %w", loadErr)
		} else if missing := C.load(); missing != nil {
			loadErr = fmt.Errorf("OpenGL 4.3 is incomplete: no %s", C.GoString(missing))
		}
	})
	return loadErr
}

// describe makes the context current and asks it what it is.
func describe(ctx context) (Device, error) {
	if err := ctx.current(); err != nil {
		return Device{}, err
	}
	if err := load(ctx); err != nil {
		return Device{}, err
	}
	d := Device{
		Renderer: gl.GoStr(gl.GetString(gl.RENDERER)),
		Vendor:   gl.GoStr(gl.GetString(gl.VENDOR)),
		Version:  gl.GoStr(gl.GetString(gl.VERSION)),
	}
	var major, minor int32
	gl.GetIntegerv(gl.MAJOR_VERSION, &major)
	gl.GetIntegerv(gl.MINOR_VERSION, &minor)
	d.OpenGL = fmt.Sprintf("%d.%d", major, minor)
	if major < 4 || major == 4 && minor < 3 {
		return Device{}, fmt.Errorf("%s has OpenGL %s; compute shaders need 4.3", d.Renderer, d.OpenGL)
	}
	d.Software = isSoftware(d.Renderer)
	d.Limits = limits()
	if err := d.Limits.check(); err != nil {
		return Device{}, fmt.Errorf("%s: %w", d.Renderer, err)
	}
	d.Memory, d.MemoryFree = deviceMemory()
	d.askMultiprocessors(hasExtension, getInt)
	gl.GetError() // a query that a driver does not know is not a failure
	return d, nil
}

// intel reports whether the device is a GPU of Intel's, whichever driver describes it.
func (d Device) intel() bool {
	return !d.Software && strings.Contains(strings.ToLower(d.Vendor+" "+d.Renderer), "intel")
}

// mixesUniforms reports whether the driver may run a program with uniforms that it had
// before. Where Vulkan's device is a processor, zink compiles uniforms that steer loops
// and branches into the programs it runs. One that comes back after another program with
// the uniforms it had last is filed as if it had none, and so are all the next ones: they
// get what was filed first. Mesa 25.0.7, zink_program.c: zink_bind_cs_state compares
// curr_compute with what it has just been set to, so the module's hash is never put back
// into the key of the pipeline, and update_cs_shader_module sees no change.
func (d Device) mixesUniforms() bool {
	return strings.HasPrefix(d.Renderer, "zink ") && (d.Software || env("ZINK_INLINE_UNIFORMS"))
}

func isSoftware(renderer string) bool {
	r := strings.ToLower(renderer)
	return slices.ContainsFunc([]string{"llvmpipe", "softpipe", "swrast", "software", "swiftshader", "basic render", "lavapipe"},
		func(name string) bool { return strings.Contains(r, name) })
}

func hasExtension(name string) bool {
	var n int32
	gl.GetIntegerv(gl.NUM_EXTENSIONS, &n)
	for i := range uint32(n) {
		if gl.GoStr(gl.GetStringi(gl.EXTENSIONS, i)) == name {
			return true
		}
	}
	return false
}

// choose makes the context that the options ask for current on this thread.
func choose(o Options) (ctx context, d Device, err error) {
	if o.Device != "" { // by name or number, whatever it is
		var names []string
		index, convErr := strconv.Atoi(o.Device)
		err = eachDevice(o.Context, func(c context, found Device) bool {
			if convErr == nil && index == found.Index || convErr != nil && strings.Contains(strings.ToLower(found.Renderer), strings.ToLower(o.Device)) {
				ctx, d = c, found
				return true
			}
			names = append(names, fmt.Sprintf("%d (%s)", found.Index, found.Renderer))
			return false
		})
		if err == nil && ctx == nil {
			err = fmt.Errorf("there is no device %q, only %s", o.Device, strings.Join(names, " and "))
		}
		return ctx, d, err
	}
	// The first hardware device, else the first: one pass to look, another to
	// choose.
	var software []string
	err = eachDevice(o.Context, func(c context, found Device) bool {
		if found.Software {
			software = append(software, found.Renderer)
			return false
		}
		ctx, d = c, found
		return true
	})
	if err != nil || ctx != nil {
		return ctx, d, err
	}
	if o.Hardware {
		return nil, d, fmt.Errorf("no hardware GPU, only %s, a software renderer", strings.Join(software, ", "))
	}
	err = eachDevice(o.Context, func(c context, found Device) bool {
		ctx, d = c, found
		return true
	})
	return ctx, d, err
}

// surfaceless is the name of the candidate that is not a separate device.
const surfaceless = "EGL surfaceless"

func env(name string) bool { v := os.Getenv(name); return v != "" && v != "0" }
