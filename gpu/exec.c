// The loop that a training run spends its time in: it turns commands into
// OpenGL calls, skips those that would change nothing, and is independent
// of what the commands compute.

#include "exec.h"
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
	SHADER_STORAGE_BUFFER = 0x90D2,
	COPY_WRITE_BUFFER = 0x8F37,
	TIME_ELAPSED = 0x88BF,
	QUERY_RESULT = 0x8866,
	QUERY_RESULT_AVAILABLE = 0x8867,
	SYNC_GPU_COMMANDS_COMPLETE = 0x9117,
	SYNC_FLUSH_COMMANDS_BIT = 1,
	TIMEOUT_EXPIRED = 0x911B,
	WAIT_FAILED = 0x911D,
	TEXTURE0 = 0x84C0,
	TEXTURE_BUFFER = 0x8C2A,
	DEBUG_OUTPUT = 0x92E0,
	DEBUG_OUTPUT_SYNCHRONOUS = 0x8242,
	DEBUG_SEVERITY_NOTIFICATION = 0x826B,
	ALL_BARRIERS = -1,
};

static void (*DispatchCompute)(uint32_t x, uint32_t y, uint32_t z);
static void (*UseProgram)(uint32_t program);
static void (*BindBufferRange)(uint32_t target, uint32_t index, uint32_t buffer, ptrdiff_t offset, ptrdiff_t size);
static void (*BindBuffer)(uint32_t target, uint32_t buffer);
static void (*BufferSubData)(uint32_t target, ptrdiff_t offset, ptrdiff_t size, const void *data);
static void (*ActiveTexture)(uint32_t unit);
static void (*BindTexture)(uint32_t target, uint32_t texture);
static void (*Uniform1i)(int32_t location, int32_t v);
static void (*MemoryBarrier)(uint32_t bits);
static void (*Flush)(void);
static void (*Finish)(void);
static void *(*FenceSync)(uint32_t condition, uint32_t flags);
static uint32_t (*ClientWaitSync)(void *fence, uint32_t flags, uint64_t nanoseconds);
static void (*DeleteSync)(void *fence);
static void (*GenQueries)(int32_t n, uint32_t *ids);
static void (*BeginQuery)(uint32_t target, uint32_t id);
static void (*EndQuery)(uint32_t target);
static void (*GetQueryObjectui64v)(uint32_t id, uint32_t name, uint64_t *v);
static void (*Enable)(uint32_t what);
static void (*DebugMessageCallback)(void (*f)(), const void *user);
static uint32_t (*GetGraphicsResetStatus)(void); // may be missing

const char *glyph_exec_load(void *(*proc)(const char *)) {
#define LOAD(name)                                                             \
	if (!(*(void **)&name = proc("gl" #name))) return "gl" #name
	LOAD(DispatchCompute);
	LOAD(UseProgram);
	LOAD(BindBufferRange);
	LOAD(BindBuffer);
	LOAD(BufferSubData);
	LOAD(ActiveTexture);
	LOAD(BindTexture);
	LOAD(Uniform1i);
	LOAD(MemoryBarrier);
	LOAD(Flush);
	LOAD(Finish);
	LOAD(FenceSync);
	LOAD(ClientWaitSync);
	LOAD(DeleteSync);
	LOAD(GenQueries);
	LOAD(BeginQuery);
	LOAD(EndQuery);
	LOAD(GetQueryObjectui64v);
	LOAD(Enable);
	LOAD(DebugMessageCallback);
	*(void **)&GetGraphicsResetStatus = proc("glGetGraphicsResetStatus");
	return NULL;
}

uint32_t glyph_reset(void) { return GetGraphicsResetStatus ? GetGraphicsResetStatus() : 0; }

static void print_message(uint32_t source, uint32_t type, uint32_t id, uint32_t severity, int32_t length,
	const char *message, const void *user) {
	(void)source, (void)id, (void)length, (void)user;
	if (severity == DEBUG_SEVERITY_NOTIFICATION) return;
	fprintf(stderr, "OpenGL: type 0x%04X, severity 0x%04X: %s\n", type, severity, message);
}

void glyph_debug(void) {
	Enable(DEBUG_OUTPUT);
	Enable(DEBUG_OUTPUT_SYNCHRONOUS);
	DebugMessageCallback((void (*)())print_message, NULL);
}

static uint64_t now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

// bind_texture has binding i read as a buffer texture, which begins where its buffer
// does: units 0 to GLYPH_BINDINGS-1 are of single elements, the next of fours.
static void bind_texture(glyph_state *s, const glyph_program *p, int i, const glyph_buffer *buffer) {
	int quads = p->quads >> i & 1, unit = i + quads * GLYPH_BINDINGS;
	if (s->texture[unit] == buffer->texture[quads]) return;
	ActiveTexture(TEXTURE0 + (uint32_t)unit);
	BindTexture(TEXTURE_BUFFER, buffer->texture[quads]);
	s->texture[unit] = buffer->texture[quads];
}

// finished waits for a fence and deletes it. A lost context signals all of its own.
static int finished(void *fence) {
	uint32_t status = TIMEOUT_EXPIRED;
	for (int i = 0; fence && i < GLYPH_PATIENCE && status == TIMEOUT_EXPIRED; i++)
		status = ClientWaitSync(fence, SYNC_FLUSH_COMMANDS_BIT, 1000000000u);
	if (fence) DeleteSync(fence);
	if (!fence || status == WAIT_FAILED) return GLYPH_WAIT_FAILED;
	return status == TIMEOUT_EXPIRED ? GLYPH_NO_ANSWER : 0;
}

int glyph_wait(void) { return finished(FenceSync(SYNC_GPU_COMMANDS_COMPLETE, 0)); }

// queried is the result of a query that has ended, or the time that was waited for it in vain:
// there are devices whose queries never have one.
static uint64_t queried(uint32_t query) {
	const uint64_t patience = 100000000; // once the commands before are done
	uint64_t begin = now(), there = 0, result = 0;
	if (glyph_wait()) return now() - begin; // whoever waits next is told, too
	for (uint64_t done = now(); !there; GetQueryObjectui64v(query, QUERY_RESULT_AVAILABLE, &there))
		if (now() - done > patience) return now() - begin;
	GetQueryObjectui64v(query, QUERY_RESULT, &result);
	return result;
}

static void dispatch(glyph_state *s, const glyph_command *c) {
	glyph_program *p = c->program;
	if (!p->name) return; // it did not compile, which is the backend's error
	if (s->program != p->name) {
		UseProgram(p->name);
		s->program = p->name;
	}
	for (int i = 0; i < c->bindings; i++) {
		const glyph_binding *b = &c->binding[i];
		if (!b->buffer || !b->buffer->name) continue;
		if (p->texels >> i & 1) {
			bind_texture(s, p, i, b->buffer);
			continue;
		}
		if (s->bound_name[i] == b->buffer->name && s->bound[i].offset == b->offset && s->bound[i].size == b->size)
			continue;
		BindBufferRange(SHADER_STORAGE_BUFFER, (uint32_t)i, b->buffer->name, (ptrdiff_t)b->offset, (ptrdiff_t)b->size);
		s->bound[i] = *b;
		s->bound_name[i] = b->buffer->name;
	}
	for (int i = 0; i < c->uniforms; i++) {
		uint64_t bit = (uint64_t)1 << i;
		int32_t v = c->uniform[i];
		if (i < GLYPH_BINDINGS && p->texels >> i & 1) v += (int32_t)(c->binding[i].offset / 4); // from the buffer's beginning
		if (!(p->uniforms & bit) || ((p->known & bit) && p->value[i] == v)) continue;
		Uniform1i(i, v);
		p->value[i] = v;
		p->known |= bit;
	}
	s->counts.dispatches++;
	if (s->timing == GLYPH_NO_TIMES) {
		DispatchCompute(c->groups, 1, 1);
		return;
	}
	uint64_t elapsed = 0;
	if (s->timing == GLYPH_QUERY_TIMES) {
		if (!s->query) GenQueries(1, &s->query);
		BeginQuery(TIME_ELAPSED, s->query);
		DispatchCompute(c->groups, 1, 1);
		EndQuery(TIME_ELAPSED);
		elapsed = queried(s->query);
	} else {
		Finish();
		uint64_t start = now();
		DispatchCompute(c->groups, 1, 1);
		Finish();
		elapsed = now() - start;
	}
	p->calls++;
	p->nanoseconds += elapsed;
}

// submit hands what was asked for to the device, and waits for the submission that is
// GLYPH_IN_FLIGHT back.
static int submit(glyph_state *s) {
	void **fence = &s->submitted[s->next++ % GLYPH_IN_FLIGHT];
	void *old = *fence; // of as many submissions ago
	*fence = FenceSync(SYNC_GPU_COMMANDS_COMPLETE, 0);
	Flush();
	s->unflushed = 0;
	s->work = 0;
	s->counts.submissions++;
	if (!*fence) {
		*fence = old; // for glyph_forget
		return GLYPH_WAIT_FAILED;
	}
	return old ? finished(old) : 0;
}

void glyph_forget(glyph_state *s) {
	for (int i = 0; i < GLYPH_IN_FLIGHT; i++) {
		if (s->submitted[i]) DeleteSync(s->submitted[i]);
		s->submitted[i] = NULL;
	}
}

void glyph_restart(glyph_state *s) {
	s->program = 0;
	memset(s->bound_name, 0, sizeof s->bound_name);
	memset(s->texture, 0, sizeof s->texture);
	MemoryBarrier((uint32_t)ALL_BARRIERS);
}

int glyph_exec(glyph_state *s, const glyph_command *c, int n, int64_t repeats, int64_t limit) {
	int failed;
	uint64_t until = limit > 0 ? now() + (uint64_t)limit : 0;
	for (s->done = 0; s->done < repeats && !(until && s->done && now() >= until); s->done++) {
		for (int i = 0; i < n; i++) {
			if (s->unflushed >= GLYPH_MAX_COMMANDS || (s->unflushed && s->work + c[i].work > GLYPH_MAX_WORK))
				if ((failed = submit(s))) return failed;
			if (c[i].barrier) {
				MemoryBarrier(c[i].barrier | s->fetch);
				s->counts.barriers++;
			}
			if (c[i].program) {
				dispatch(s, &c[i]);
			} else if (c[i].binding[0].buffer->name) {
				BindBuffer(COPY_WRITE_BUFFER, c[i].binding[0].buffer->name);
				BufferSubData(COPY_WRITE_BUFFER, (ptrdiff_t)c[i].binding[0].offset, (ptrdiff_t)c[i].binding[0].size, c[i].data);
				s->counts.transfers++;
			}
			s->unflushed++;
			s->work += c[i].work;
		}
	}
	return 0;
}
