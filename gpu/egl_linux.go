//go:build cgo && linux

package gpu

// #cgo LDFLAGS: -Wl,--as-needed -ldl
// #include <stdlib.h>
// #include "egl_linux.h"
import "C"

import (
	"errors"
	"fmt"
	"sync"
	"unsafe"
)

// eglMu guards the loading of libEGL and the making of contexts, which several
// Backends may do at a time.
var eglMu sync.Mutex

type eglContext struct {
	egl *C.glyph_egl
}

// eglCandidates are the devices that EGL enumerates, then the surfaceless
// platform.
func eglCandidates() ([]candidate, error) {
	eglMu.Lock()
	defer eglMu.Unlock()
	if message := C.glyph_egl_load(); message != nil {
		return nil, fmt.Errorf("no EGL: %s", C.GoString(message))
	}
	var list []candidate
	const most = 32
	devices := (*[most]unsafe.Pointer)(C.calloc(most, C.size_t(unsafe.Sizeof(unsafe.Pointer(nil)))))
	defer C.free(unsafe.Pointer(devices))
	for i := range int(C.glyph_egl_devices(&devices[0], most)) {
		device := devices[i]
		list = append(list, candidate{fmt.Sprintf("EGL device %d", i), func() (context, error) { return openEGL(device) }})
	}
	return append(list, candidate{surfaceless, func() (context, error) { return openEGL(nil) }}), nil
}

func openEGL(device unsafe.Pointer) (context, error) {
	eglMu.Lock()
	defer eglMu.Unlock()
	c := &eglContext{egl: (*C.glyph_egl)(C.calloc(1, C.sizeof_glyph_egl))}
	if message := C.glyph_egl_open(device, c.egl); message != nil {
		err := errors.New(C.GoString(message))
		C.free(unsafe.Pointer(c.egl))
		return nil, err
	}
	return c, nil
}

func (c *eglContext) current() error {
	if message := C.glyph_egl_current(c.egl); message != nil {
		return errors.New(C.GoString(message))
	}
	return nil
}

func (c *eglContext) close() {
	eglMu.Lock()
	defer eglMu.Unlock()
	C.glyph_egl_close(c.egl)
	C.free(unsafe.Pointer(c.egl))
}

func (c *eglContext) proc(name string) unsafe.Pointer {
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	return C.glyph_egl_proc(s)
}
