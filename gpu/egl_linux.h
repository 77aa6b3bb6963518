// EGL, loaded when it is first asked for: see egl_linux.c.
#ifndef GLYPH_EGL_H
#define GLYPH_EGL_H

typedef struct {
	void *display, *context, *surface;
} glyph_egl;

// Each returns an error message, or NULL when it went well.
const char *glyph_egl_load(void);
const char *glyph_egl_open(void *device, glyph_egl *e);
const char *glyph_egl_current(glyph_egl *e);

// glyph_egl_devices fills devices and returns how many there are, or -1 where
// EGL cannot enumerate them.
int glyph_egl_devices(void **devices, int max);
void glyph_egl_close(glyph_egl *e);
void *glyph_egl_proc(const char *name);

#endif
