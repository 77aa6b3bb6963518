// compile FILE.comp...: compiles and links compute shaders one by one on the first
// device that EGL has, and dispatches one work group of each, because drivers make the
// code at the first dispatch. What the driver says of a program (its messages, and what
// its own debugging variables print) stands between the lines "PROGRAM file" and
// "DONE file" or "FAILED file", all on standard error, where drivers print.
#define GL_GLEXT_PROTOTYPES
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GL/gl.h>
#include <GL/glext.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FUNCTIONS(F)                                                                        \
	F(PFNGLCREATESHADERPROC, CreateShader) F(PFNGLSHADERSOURCEPROC, ShaderSource)           \
	F(PFNGLCOMPILESHADERPROC, CompileShader) F(PFNGLGETSHADERINFOLOGPROC, GetShaderInfoLog) \
	F(PFNGLCREATEPROGRAMPROC, CreateProgram) F(PFNGLATTACHSHADERPROC, AttachShader)         \
	F(PFNGLLINKPROGRAMPROC, LinkProgram) F(PFNGLGETPROGRAMIVPROC, GetProgramiv)             \
	F(PFNGLGETPROGRAMINFOLOGPROC, GetProgramInfoLog) F(PFNGLUSEPROGRAMPROC, UseProgram)     \
	F(PFNGLDISPATCHCOMPUTEPROC, DispatchCompute) F(PFNGLGENBUFFERSPROC, GenBuffers)         \
	F(PFNGLBINDBUFFERBASEPROC, BindBufferBase) F(PFNGLBUFFERDATAPROC, BufferData)           \
	F(PFNGLDEBUGMESSAGECALLBACKPROC, DebugMessageCallback)
#define DECLARE(type, name) static type name;
FUNCTIONS(DECLARE)

static void say(GLenum source, GLenum type, GLuint id, GLenum severity, GLsizei n, const char *text, const void *user) {
	(void)source, (void)type, (void)id, (void)n, (void)user;
	fprintf(stderr, "%s: %s\n", severity == GL_DEBUG_SEVERITY_NOTIFICATION ? "note" : "message", text);
}

static char *contents(const char *path) {
	FILE *f = fopen(path, "rb");
	long n;
	char *text;
	if (!f || fseek(f, 0, SEEK_END) || (n = ftell(f)) < 0 || fseek(f, 0, SEEK_SET)) return NULL;
	text = calloc((size_t)n + 1, 1);
	if (text && fread(text, 1, (size_t)n, f) != (size_t)n) text = NULL;
	fclose(f);
	return text;
}

static const char *current_context(void) {
	PFNEGLQUERYDEVICESEXTPROC query = (PFNEGLQUERYDEVICESEXTPROC)eglGetProcAddress("eglQueryDevicesEXT");
	PFNEGLGETPLATFORMDISPLAYEXTPROC display_of = (PFNEGLGETPLATFORMDISPLAYEXTPROC)eglGetProcAddress("eglGetPlatformDisplayEXT");
	const EGLint want[] = {EGL_CONTEXT_MAJOR_VERSION, 4, EGL_CONTEXT_MINOR_VERSION, 3, EGL_CONTEXT_OPENGL_PROFILE_MASK,
		EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_CONTEXT_FLAGS_KHR, EGL_CONTEXT_OPENGL_DEBUG_BIT_KHR, EGL_NONE};
	EGLDeviceEXT first;
	EGLint n = 0;
	EGLDisplay display;
	EGLContext context;
	if (!query || !display_of || !query(1, &first, &n) || n < 1) return "EGL has no device";
	display = display_of(EGL_PLATFORM_DEVICE_EXT, first, NULL);
	if (!eglInitialize(display, NULL, NULL)) return "eglInitialize failed";
	eglBindAPI(EGL_OPENGL_API);
	context = eglCreateContext(display, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, want);
	if (!context || !eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context)) return "no OpenGL 4.3 context";
#define FIND(type, name) name = (type)eglGetProcAddress("gl" #name);
	FUNCTIONS(FIND)
	return NULL;
}

// build compiles a program and gives it one work group of work.
static int build(const char *source) {
	char log[4096] = "";
	GLint linked = 0;
	GLuint shader = CreateShader(GL_COMPUTE_SHADER), program = CreateProgram();
	ShaderSource(shader, 1, &source, NULL);
	CompileShader(shader);
	AttachShader(program, shader);
	LinkProgram(program);
	GetProgramiv(program, GL_LINK_STATUS, &linked);
	if (linked) {
		UseProgram(program);
		DispatchCompute(1, 1, 1);
		((void (*)(void))eglGetProcAddress("glFinish"))();
		return 1;
	}
	GetShaderInfoLog(shader, sizeof log, NULL, log);
	fprintf(stderr, "log: %s\n", log);
	GetProgramInfoLog(program, sizeof log, NULL, log);
	fprintf(stderr, "log: %s\n", log);
	return 0;
}

int main(int argc, char **argv) {
	const char *missing = current_context();
	if (missing) {
		fprintf(stderr, "NONE %s\n", missing);
		return 2;
	}
	fprintf(stderr, "DEVICE %s\n", ((const GLubyte *(*)(GLenum))eglGetProcAddress("glGetString"))(GL_RENDERER));
	((void (*)(GLenum))eglGetProcAddress("glEnable"))(GL_DEBUG_OUTPUT);
	((void (*)(GLenum))eglGetProcAddress("glEnable"))(GL_DEBUG_OUTPUT_SYNCHRONOUS);
	DebugMessageCallback(say, NULL);
	for (GLuint i = 0; i < 8; i++) {
		GLuint buffer;
		GenBuffers(1, &buffer);
		BindBufferBase(GL_SHADER_STORAGE_BUFFER, i, buffer);
		BufferData(GL_SHADER_STORAGE_BUFFER, 1 << 20, NULL, GL_DYNAMIC_COPY);
	}
	int failed = 0;
	for (int i = 1; i < argc; i++) {
		char *source = contents(argv[i]);
		fprintf(stderr, "PROGRAM %s\n", argv[i]);
		int good = source && build(source);
		fprintf(stderr, "%s %s\n", good ? "DONE" : "FAILED", argv[i]);
		failed |= !good;
		free(source);
	}
	fflush(NULL);
	_exit(failed); // the no-op devices do not survive the end of a context
}
