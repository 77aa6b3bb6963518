// Commands as Go queues them and exec.c runs them.
#ifndef GLYPH_EXEC_H
#define GLYPH_EXEC_H

#include <stdint.h>

enum { GLYPH_BINDINGS = 8, GLYPH_UNIFORMS = 24 };

// A program, with what its uniforms were last set to.
typedef struct {
	uint32_t name;
	uint32_t uniforms; // bit i: location i is in use
	uint32_t known;    // bit i: location i is known to be set to value[i]
	int32_t value[GLYPH_UNIFORMS];
	uint64_t calls, nanoseconds; // while timing
} glyph_program;

typedef struct {
	uint32_t name;
} glyph_buffer;

typedef struct {
	glyph_buffer *buffer;
	int64_t offset, size; // bytes
} glyph_binding;

// A command: a dispatch of groups work groups, or without a program a write of
// size bytes from data to the buffer of binding 0.
typedef struct {
	glyph_program *program;
	const void *data;
	uint32_t barrier; // bits for glMemoryBarrier before it, or 0
	uint32_t groups;
	int32_t bindings, uniforms;
	glyph_binding binding[GLYPH_BINDINGS];
	int32_t uniform[GLYPH_UNIFORMS]; // by location
} glyph_command;

typedef struct {
	uint64_t dispatches, barriers, transfers;
} glyph_counts;

enum { GLYPH_NO_TIMES, GLYPH_QUERY_TIMES, GLYPH_CLOCK_TIMES };

// glyph_state is what OpenGL's current state is known to be.
typedef struct {
	uint32_t program, query;
	int timing;
	int64_t unflushed;
	glyph_binding bound[GLYPH_BINDINGS];
	uint32_t bound_name[GLYPH_BINDINGS];
	glyph_counts counts;
} glyph_state;

// glyph_exec_load finds OpenGL's functions; it returns the name of one that is
// missing, or NULL.
const char *glyph_exec_load(void *(*proc)(const char *));

// glyph_exec runs the n commands, repeats times over.
void glyph_exec(glyph_state *s, const glyph_command *c, int n, int64_t repeats);

// glyph_debug has OpenGL's messages printed to standard error.
void glyph_debug(void);

// glyph_reset is the status of the context: 0, or why it is lost.
uint32_t glyph_reset(void);

#endif
