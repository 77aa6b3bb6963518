// OpenGL contexts without a display. libEGL is opened at run time, so that a
// program built with this file starts on a machine without it; the few
// constants are written out, so that building needs no EGL headers.
//
// EGL 1.5 specification; EGL_EXT_device_enumeration, EGL_EXT_platform_device,
// EGL_MESA_platform_surfaceless, EGL_KHR_create_context,
// EGL_EXT_create_context_robustness, EGL_KHR_surfaceless_context,
// EGL_KHR_no_config_context.

#include "egl_linux.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int EGLint;
typedef unsigned int EGLenum, EGLBoolean;
typedef void *handle;

enum {
	PLATFORM_DEVICE = 0x313F,
	PLATFORM_SURFACELESS = 0x31DD,
	OPENGL_API = 0x30A2,
	EXTENSIONS = 0x3055,
	NONE = 0x3038,
	SURFACE_TYPE = 0x3033,
	PBUFFER_BIT = 1,
	RENDERABLE_TYPE = 0x3040,
	OPENGL_BIT = 8,
	WIDTH = 0x3057,
	HEIGHT = 0x3056,
	MAJOR_VERSION = 0x3098,
	MINOR_VERSION = 0x30FB,
	PROFILE_MASK = 0x30FD,
	CORE_PROFILE_BIT = 1,
	FLAGS = 0x30FC,
	DEBUG_BIT = 1,
	RESET_STRATEGY = 0x31BD,      // EGL 1.5 and KHR_create_context
	LOSE_CONTEXT_ON_RESET = 0x31BF,
};

static struct {
	void *(*GetProcAddress)(const char *);
	EGLint (*GetError)(void);
	const char *(*QueryString)(handle display, EGLint name);
	handle (*GetDisplay)(void *native);
	EGLBoolean (*Initialize)(handle display, EGLint *major, EGLint *minor);
	EGLBoolean (*BindAPI)(EGLenum api);
	EGLBoolean (*ChooseConfig)(handle display, const EGLint *want, handle *configs, EGLint max, EGLint *n);
	handle (*CreateContext)(handle display, handle config, handle share, const EGLint *want);
	handle (*CreatePbufferSurface)(handle display, handle config, const EGLint *want);
	EGLBoolean (*MakeCurrent)(handle display, handle draw, handle read, handle context);
	EGLBoolean (*DestroyContext)(handle display, handle context);
	EGLBoolean (*DestroySurface)(handle display, handle surface);
} egl;

static handle (*get_platform_display)(EGLenum platform, void *native, const EGLint *want);
static EGLBoolean (*query_devices)(EGLint max, void **devices, EGLint *n);

static int has(const char *extensions, const char *name) {
	size_t length = strlen(name);
	for (const char *p = extensions; p && (p = strstr(p, name)); p += length)
		if ((p == extensions || p[-1] == ' ') && (p[length] == ' ' || p[length] == 0)) return 1;
	return 0;
}

// failed is message with EGL's error code behind it.
static const char *failed(const char *message) {
	static __thread char text[160];
	snprintf(text, sizeof text, "%s (EGL error 0x%04X)", message, egl.GetError());
	return text;
}

const char *glyph_egl_load(void) {
	static void *lib;
	if (lib) return NULL;
	void *opened = dlopen("libEGL.so.1", RTLD_NOW | RTLD_LOCAL);
	if (!opened) return dlerror();
#define LOAD(name)                                                             \
	if (!(*(void **)&egl.name = dlsym(opened, "egl" #name))) return "libEGL.so.1 has no egl" #name
	LOAD(GetProcAddress);
	LOAD(GetError);
	LOAD(QueryString);
	LOAD(GetDisplay);
	LOAD(Initialize);
	LOAD(BindAPI);
	LOAD(ChooseConfig);
	LOAD(CreateContext);
	LOAD(CreatePbufferSurface);
	LOAD(MakeCurrent);
	LOAD(DestroyContext);
	LOAD(DestroySurface);
	const char *client = egl.QueryString(NULL, EXTENSIONS);
	if (has(client, "EGL_EXT_platform_base"))
		*(void **)&get_platform_display = egl.GetProcAddress("eglGetPlatformDisplayEXT");
	if (has(client, "EGL_EXT_platform_device") &&
	    (has(client, "EGL_EXT_device_enumeration") || has(client, "EGL_EXT_device_base")))
		*(void **)&query_devices = egl.GetProcAddress("eglQueryDevicesEXT");
	lib = opened;
	return NULL;
}

int glyph_egl_devices(void **devices, int max) {
	EGLint n;
	if (!query_devices || !get_platform_display || !query_devices(max, devices, &n)) return -1;
	return n;
}

// display is the display of the device, or of no device where it is NULL: Mesa's
// surfaceless platform, else the default display.
static handle display(void *device) {
	if (device) return get_platform_display(PLATFORM_DEVICE, device, NULL);
	if (get_platform_display && has(egl.QueryString(NULL, EXTENSIONS), "EGL_MESA_platform_surfaceless"))
		return get_platform_display(PLATFORM_SURFACELESS, NULL, NULL);
	return egl.GetDisplay(NULL);
}

const char *glyph_egl_open(void *device, glyph_egl *e) {
	memset(e, 0, sizeof *e);
	e->display = display(device);
	if (!e->display) return failed("no EGL display");
	// Displays are the process's and are never terminated: another context may
	// be using the same one.
	EGLint major, minor;
	if (!egl.Initialize(e->display, &major, &minor)) return failed("eglInitialize");
	if (!egl.BindAPI(OPENGL_API)) return failed("this EGL has no OpenGL, only OpenGL ES");

	const char *extensions = egl.QueryString(e->display, EXTENSIONS);
	EGLint want_config[] = {SURFACE_TYPE, PBUFFER_BIT, RENDERABLE_TYPE, OPENGL_BIT, NONE};
	handle config = NULL;
	EGLint n = 0;
	if (!egl.ChooseConfig(e->display, want_config, &config, 1, &n) || n < 1) {
		config = NULL;
		if (!has(extensions, "EGL_KHR_no_config_context")) return failed("no EGL configuration for OpenGL");
	}
	EGLint want[] = {MAJOR_VERSION, 4, MINOR_VERSION, 3, PROFILE_MASK, CORE_PROFILE_BIT, FLAGS, DEBUG_BIT,
		RESET_STRATEGY, LOSE_CONTEXT_ON_RESET, NONE};
	const int flags = 6, reset = 8;
	const char *debug = getenv("GLYPH_GL_DEBUG");
	want[flags + 1] = debug && *debug && strcmp(debug, "0") ? DEBUG_BIT : 0;
	e->context = egl.CreateContext(e->display, config, NULL, want);
	if (!e->context) { // once more without the notification of resets
		want[reset] = NONE;
		e->context = egl.CreateContext(e->display, config, NULL, want);
	}
	if (!e->context) return failed("no OpenGL 4.3 core context");
	if (!has(extensions, "EGL_KHR_surfaceless_context")) {
		EGLint size[] = {WIDTH, 1, HEIGHT, 1, NONE};
		if (config) e->surface = egl.CreatePbufferSurface(e->display, config, size);
		if (!e->surface) {
			const char *message = failed("neither a surfaceless context nor a pbuffer");
			glyph_egl_close(e);
			return message;
		}
	}
	return NULL;
}

const char *glyph_egl_current(glyph_egl *e) {
	// The API binding is the thread's.
	if (!egl.BindAPI(OPENGL_API) || !egl.MakeCurrent(e->display, e->surface, e->surface, e->context))
		return failed("eglMakeCurrent");
	return NULL;
}

void glyph_egl_close(glyph_egl *e) {
	if (!e->display) return;
	egl.MakeCurrent(e->display, NULL, NULL, NULL);
	if (e->context) egl.DestroyContext(e->display, e->context);
	if (e->surface) egl.DestroySurface(e->display, e->surface);
	memset(e, 0, sizeof *e);
}

void *glyph_egl_proc(const char *name) { return egl.GetProcAddress(name); }

// go-gl's binding refers to glXGetProcAddress and so asks the linker for libGL,
// though its functions are found through EGL here. A definition of that one
// name, with --as-needed, keeps libGL from becoming a condition for starting
// the program. It is hidden: a libGL loaded later (GLFW) keeps its own.
__attribute__((visibility("hidden"))) void *glXGetProcAddress(const unsigned char *name) {
	return egl.GetProcAddress ? egl.GetProcAddress((const char *)name) : NULL;
}
