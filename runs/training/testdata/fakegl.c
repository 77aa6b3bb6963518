// A libEGL with an OpenGL behind it that has memory and no arithmetic, and fails when
// it is told to. It is for a test: see faults_test.go. Of the kernels, the one that
// updates weights changes the first of them, and the one that ends a step moves the
// clock, so that a checkpoint shows how many steps there were: whether they are kernels of
// their own or parts of another's.
//
// The file that $FAKEGL names says which fault: its kind and the number of the call. When
// the context is destroyed, the file beside it says what was called and what was left.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NONE, GL_ERROR, NO_MEMORY, LOST, NO_LINK, NO_ANSWER };
enum { MOST = 4096 };

static int kind, lost, error;
static long at, calls, links, waits, fences;
static char failed[64];

static struct { char *data; size_t size; int live; } buffers[MOST];
// What a shader does, by the numbers of its bindings and uniforms, or -1.
typedef struct { int update, advance, w, w_at, w_at2, clock, small, moved_at, samples; } effect;
static struct { int live, linked, program; effect does; int32_t uniform[64]; } objects[MOST];
static long updates; // that were made of gradients at once
static uint32_t names, target[2], current;
static struct { uint32_t name; ptrdiff_t offset; } bound[16];

// fails counts a call, and reports whether it is one that does nothing.
static int fails(const char *name) {
	calls++;
	if (lost) return 1;
	if (kind < GL_ERROR || kind > LOST || calls != at) return 0;
	snprintf(failed, sizeof failed, "%s", name);
	if (kind == LOST) lost = 1;
	else error = kind == GL_ERROR ? 0x0502 : 0x0505;
	return 1;
}
#define CALL if (fails(__func__)) return
#define CALL_OR(v) if (fails(__func__)) return v
#define AT(t) target[(t) == 0x8F37]
// bad makes an error of what no driver takes.
static int bad(uint32_t b, ptrdiff_t offset, ptrdiff_t size) {
	if (b && b < MOST && buffers[b].live && offset >= 0 && size >= 0 && (size_t)(offset + size) <= buffers[b].size) return 0;
	if (!error) error = 0x0501; // the first is kept
	return 1;
}

static void glGenBuffers(int n, uint32_t *out) { CALL; (void)n; *out = ++names; buffers[names].live = 1; }
static void glDeleteBuffers(int n, const uint32_t *b) {
	CALL;
	(void)n;
	if (!*b || !buffers[*b].live) return;
	free(buffers[*b].data);
	memset(&buffers[*b], 0, sizeof buffers[0]);
}
static void glBindBuffer(uint32_t t, uint32_t b) { CALL; AT(t) = b; }
static void glBufferData(uint32_t t, ptrdiff_t size, const void *data, uint32_t usage) {
	CALL;
	(void)data, (void)usage;
	free(buffers[AT(t)].data);
	buffers[AT(t)].data = malloc((size_t)size);
	memset(buffers[AT(t)].data, 0xff, (size_t)size); // NaN
	buffers[AT(t)].size = (size_t)size;
}
static void glClearBufferData(uint32_t t) { CALL; if (!bad(AT(t), 0, 0)) memset(buffers[AT(t)].data, 0, buffers[AT(t)].size); }
static void glBufferSubData(uint32_t t, ptrdiff_t offset, ptrdiff_t size, const void *data) {
	CALL;
	if (!bad(AT(t), offset, size)) memcpy(buffers[AT(t)].data + offset, data, (size_t)size);
}
static void glCopyBufferSubData(uint32_t from, uint32_t to, ptrdiff_t r, ptrdiff_t w, ptrdiff_t size) {
	CALL;
	if (!bad(AT(from), r, size) && !bad(AT(to), w, size)) memcpy(buffers[AT(to)].data + w, buffers[AT(from)].data + r, (size_t)size);
}
static void glGetBufferSubData(uint32_t t, ptrdiff_t offset, ptrdiff_t size, void *data) {
	CALL;
	if (!bad(AT(t), offset, size)) memcpy(data, buffers[AT(t)].data + offset, (size_t)size);
}
static void glBindBufferRange(uint32_t t, uint32_t i, uint32_t b, ptrdiff_t offset, ptrdiff_t size) {
	CALL;
	(void)t;
	if (bad(b, offset, size)) return;
	bound[i].name = b;
	bound[i].offset = offset;
}
static uint32_t create(int program) { objects[++names].live = 1; objects[names].program = program; return names; }
static uint32_t glCreateShader(uint32_t what) { CALL_OR(0); (void)what; return create(0); }
static uint32_t glCreateProgram(void) { CALL_OR(0); return create(1); }
static void glDeleteShader(uint32_t s) { CALL; memset(&objects[s], 0, sizeof objects[0]); }
static void glDeleteProgram(uint32_t p) { CALL; memset(&objects[p], 0, sizeof objects[0]); }
static int number(const char *text, const char *name) {
	char line[64];
	snprintf(line, sizeof line, "\n#define %s ", name);
	text = strstr(text, line);
	return text ? atoi(text + strlen(line)) : -1;
}
static void glShaderSource(uint32_t s, int n, const char *const *text, const int32_t *lengths) {
	CALL;
	(void)n, (void)lengths;
	effect *e = &objects[s].does;
	e->moved_at = number(*text, "UNIFORM_moved_at");
	e->update = strstr(*text, "glyph.Backend.Optimize") != NULL;
	e->advance = strstr(*text, "glyph.Backend.Advance") && (e->moved_at < 0 || number(*text, "ADVANCE") == 1);
	e->samples = number(*text, e->moved_at < 0 ? "UNIFORM_N" : "UNIFORM_samples");
	e->w = number(*text, "BINDING_w"), e->w_at = number(*text, "UNIFORM_w_at"), e->w_at2 = number(*text, "UNIFORM_w_at2");
	e->clock = number(*text, "BINDING_clock"), e->small = number(*text, "BINDING_small");
}
static void glCompileShader(uint32_t s) { CALL; (void)s; }
static void glAttachShader(uint32_t p, uint32_t s) { CALL; objects[p].does = objects[s].does; }
static void glDetachShader(uint32_t p, uint32_t s) { CALL; (void)p, (void)s; }
static void glProgramParameteri(uint32_t p, uint32_t n, int32_t v) { CALL; (void)p, (void)n, (void)v; }
static void glLinkProgram(uint32_t p) {
	CALL;
	objects[p].linked = !(++links == at && kind == NO_LINK);
	if (!objects[p].linked) snprintf(failed, sizeof failed, "%s", __func__);
}
static void glGetProgramiv(uint32_t p, uint32_t n, int32_t *v) { CALL; *v = n == 0x8B82 ? objects[p].linked : n == 0x8B84 ? 17 : n == 0x8741 ? (int)sizeof(effect) : 0; }
static void glGetProgramBinary(uint32_t p, int32_t most, int32_t *n, uint32_t *format, void *code) {
	CALL;
	(void)most;
	memcpy(code, &objects[p].does, sizeof(effect));
	*n = sizeof(effect), *format = 1;
}
static void glProgramBinary(uint32_t p, uint32_t format, const void *code, int32_t n) {
	CALL;
	(void)format, (void)n;
	memcpy(&objects[p].does, code, sizeof(effect));
	objects[p].linked = 1;
}
static void glGetProgramInfoLog(uint32_t p, int32_t n, int32_t *got, char *text) { CALL; (void)p, (void)got; snprintf(text, (size_t)n, "out of registers"); }
static void glGetShaderiv(uint32_t p, uint32_t n, int32_t *v) { CALL; (void)p, (void)n; *v = 0; }
static void glGetProgramInterfaceiv(uint32_t p, uint32_t i, uint32_t n, int32_t *v) { CALL; (void)p, (void)i, (void)n; *v = 1; }
static void glGetProgramResourceiv(uint32_t p, uint32_t i, uint32_t index, int n, const uint32_t *what, int most, int *got, int32_t *v) {
	CALL;
	(void)p, (void)i, (void)index, (void)n, (void)what, (void)most, (void)got;
	v[0] = 0;
	v[1] = 48;
}
static void glUseProgram(uint32_t p) { CALL; if (objects[p].linked) current = p; else if (!error) error = 0x0501; }
static void glUniform1i(int32_t at, int32_t v) { CALL; objects[current].uniform[at] = v; }
static void glMemoryBarrier(uint32_t bits) { CALL; (void)bits; }
static char *memory(int binding) { return buffers[bound[binding].name].data + bound[binding].offset; }
static void glDispatchCompute(uint32_t x, uint32_t y, uint32_t z) {
	CALL;
	(void)x, (void)y, (void)z;
	const effect *e = &objects[current].does;
	const int32_t *u = objects[current].uniform;
	if (e->update && bound[e->w].name && (e->w_at < 0 || !u[e->w_at] || (e->w_at2 >= 0 && !u[e->w_at2]))) {
		float *w = (float *)memory(e->w) + u[e->w];
		*w = *w * 0.75f + 0.1f;
		updates += e->w_at >= 0;
	}
	if (!e->advance) return;
	int32_t *clock = e->moved_at < 0 ? (int32_t *)memory(e->clock) + u[e->clock] : (int32_t *)memory(e->small) + u[e->moved_at];
	clock[0]++, clock[1] += u[e->samples];
}
static void glFlush(void) { CALL; }
static void glFinish(void) { CALL; }
static void glGetQueryiv(uint32_t t, uint32_t n, int32_t *v) { CALL; (void)t, (void)n; *v = 0; }
static void *glFenceSync(uint32_t condition, uint32_t flags) { CALL_OR(NULL); (void)condition, (void)flags; fences++; return &fences; }
static uint32_t glClientWaitSync(void *f, uint32_t flags, uint64_t ns) {
	CALL_OR(0x911D);
	(void)f, (void)flags, (void)ns;
	if (kind != NO_ANSWER || ++waits < at) return waits += kind != NO_ANSWER, 0x911A;
	snprintf(failed, sizeof failed, "%s", __func__);
	return 0x911B;
}
static void glDeleteSync(void *f) { CALL; (void)f; fences--; }
static uint32_t glGetError(void) { int e = lost ? 0x0507 : error; error = 0; return (uint32_t)e; }
static uint32_t glGetGraphicsResetStatus(void) { return lost ? 0x8253 : 0; }
static const char *glGetString(uint32_t n) { CALL_OR(NULL); return n == 0x1F02 ? "4.5 fake" : "Fake GPU"; }
static const char *glGetStringi(uint32_t n, uint32_t i) { CALL_OR(NULL); (void)n, (void)i; return ""; }
static void glGetIntegerv(uint32_t n, int32_t *v) {
	CALL;
	switch (n) {
	case 0x821B: *v = 4; break;
	case 0x821C: *v = 5; break;
	case 0x90DB: case 0x90DD: *v = 16; break;
	case 0x8262: *v = 49152; break;
	case 0x90EB: *v = 1024; break;
	case 0x90DF: *v = 16; break;
	case 0x87FE: *v = 1; break; // formats of program binaries
	default: *v = 0;
	}
}
static void glGetInteger64v(uint32_t n, int64_t *v) { CALL; (void)n; *v = 0x7fffffff; }
static void glGetIntegeri_v(uint32_t n, uint32_t i, int32_t *v) { CALL; (void)i; *v = n == 0x91BE ? 65535 : 1024; }
// Its queries never end, so whoever asks for the result of one waits for ever.
static void glGetQueryObjectui64v(uint32_t id, uint32_t n, uint64_t *v) { CALL; (void)id; if (n == 0x8867) *v = 0; else for (;;) pause(); }
static void nothing(void) {}

#define F(name) {#name, (void *)name}
static const struct { const char *name; void *f; } table[] = {F(glGenBuffers), F(glDeleteBuffers), F(glBindBuffer), F(glBufferData),
	F(glClearBufferData), F(glBufferSubData), F(glCopyBufferSubData), F(glGetBufferSubData), F(glBindBufferRange), F(glCreateShader),
	F(glCreateProgram), F(glDeleteShader), F(glDeleteProgram), F(glShaderSource), F(glCompileShader), F(glAttachShader),
	F(glDetachShader), F(glProgramParameteri), F(glLinkProgram), F(glGetProgramiv), F(glGetProgramInfoLog), F(glGetShaderiv),
	F(glGetProgramInterfaceiv), F(glGetProgramResourceiv), F(glUseProgram), F(glUniform1i), F(glMemoryBarrier), F(glDispatchCompute),
	F(glFlush), F(glFenceSync), F(glClientWaitSync), F(glDeleteSync), F(glGetError), F(glGetGraphicsResetStatus), F(glGetString),
	F(glGetStringi), F(glGetIntegerv), F(glGetInteger64v), F(glGetIntegeri_v), F(glGetQueryObjectui64v),
	F(glGetProgramBinary), F(glProgramBinary), F(glFinish), F(glGetQueryiv)};

void *eglGetProcAddress(const char *name) {
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (!strcmp(table[i].name, name)) return table[i].f;
	return (void *)nothing;
}
int eglGetError(void) { return 0x3000; }
const char *eglQueryString(void *d, int n) { (void)n; return d ? "EGL_KHR_surfaceless_context" : ""; }
void *eglGetDisplay(void *native) { (void)native; return &calls; }
int eglInitialize(void *d, int *major, int *minor) { (void)d; *major = 1; *minor = 5; return 1; }
int eglBindAPI(int api) { (void)api; return 1; }
int eglChooseConfig(void *d, const int *want, void **c, int max, int *n) { (void)d, (void)want, (void)max; *c = &calls; *n = 1; return 1; }
void *eglCreateContext(void *d, void *c, void *share, const int *want) {
	(void)d, (void)c, (void)share, (void)want;
	kind = lost = error = 0;
	at = calls = links = waits = fences = updates = 0;
	names = current = 0;
	failed[0] = 0;
	memset(bound, 0, sizeof bound);
	for (int i = 0; i < MOST; i++) free(buffers[i].data);
	memset(buffers, 0, sizeof buffers);
	memset(objects, 0, sizeof objects);
	FILE *f = fopen(getenv("FAKEGL"), "r");
	if (!f || fscanf(f, "%d %ld", &kind, &at) != 2) abort();
	fclose(f);
	return &kind;
}
void *eglCreatePbufferSurface(void) { return NULL; }
int eglMakeCurrent(void) { return 1; }
int eglDestroyContext(void) {
	int live[3] = {0};
	for (int i = 0; i < MOST; i++) live[0] += buffers[i].live, live[1 + objects[i].program] += objects[i].live;
	char path[512];
	snprintf(path, sizeof path, "%s.left", getenv("FAKEGL"));
	FILE *f = fopen(path, "w");
	if (!f) abort();
	fprintf(f, "%ld %ld %ld %ld %d %d %d %ld %s\n", calls, links, waits, updates, live[0], live[1], live[2], fences, *failed ? failed : "-");
	fclose(f);
	return 1;
}
int eglDestroySurface(void) { return 1; }
