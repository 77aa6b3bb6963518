// Commands as Go queues them and exec.c runs them.
#ifndef GLYPH_EXEC_H
#define GLYPH_EXEC_H

#include <stdint.h>

enum { GLYPH_BINDINGS = 8, GLYPH_UNIFORMS = 48 };

// What one submission to the device holds at most, so that the device starts early,
// no driver's watchdog takes it for a hang, and a queue does not grow with the length
// of a training run; and how many submissions may be unfinished.
enum { GLYPH_MAX_COMMANDS = 512, GLYPH_IN_FLIGHT = 8 };
#define GLYPH_MAX_WORK 1e11

// For how many seconds a submission may be unfinished before the device counts as one
// that does not answer.
enum { GLYPH_PATIENCE = 600 };

// A program, with what its uniforms were last set to.
typedef struct {
	uint32_t name;
	uint64_t uniforms; // bit i: location i is in use
	uint64_t known;    // bit i: location i is known to be set to value[i]
	uint32_t texels;   // bit i: binding i is read as a buffer texture, of one element or of quads
	uint32_t quads;    // of those, the ones read in fours
	int32_t value[GLYPH_UNIFORMS];
	uint64_t calls, nanoseconds; // while timing
} glyph_program;

typedef struct {
	uint32_t name;
	uint32_t texture[2]; // all of it as a buffer texture, of single elements and of fours, or 0
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
	double work;      // its arithmetic in FLOP, roughly
	uint32_t barrier; // bits for glMemoryBarrier before it, or 0
	uint32_t groups;
	int32_t bindings, uniforms;
	glyph_binding binding[GLYPH_BINDINGS];
	int32_t uniform[GLYPH_UNIFORMS]; // by location
} glyph_command;

typedef struct {
	uint64_t dispatches, barriers, transfers, submissions;
} glyph_counts;

enum { GLYPH_NO_TIMES, GLYPH_QUERY_TIMES, GLYPH_CLOCK_TIMES };

// glyph_state is what OpenGL's current state is known to be.
typedef struct {
	uint32_t program, query;
	int timing;
	int64_t unflushed; // commands since the last submission
	double work;       // their arithmetic
	void *submitted[GLYPH_IN_FLIGHT]; // fences behind the last submissions
	uint32_t next;                    // the oldest of them
	glyph_binding bound[GLYPH_BINDINGS];
	uint32_t bound_name[GLYPH_BINDINGS];
	uint32_t texture[2 * GLYPH_BINDINGS]; // of each texture unit
	uint32_t fetch;                       // barrier bits for buffer textures, where they are used
	glyph_counts counts;
	int64_t done; // repetitions of the last glyph_exec
} glyph_state;

// glyph_exec_load finds OpenGL's functions; it returns the name of one that is
// missing, or NULL.
const char *glyph_exec_load(void *(*proc)(const char *));

// What a device may do instead of finishing its work.
enum { GLYPH_NO_ANSWER = 1, GLYPH_WAIT_FAILED };

// glyph_exec runs the n commands, repeats times over, or until a repetition ends so many
// nanoseconds later; 0 sets no limit. It returns 0, or one of these, and s->done says how
// many repetitions it has made.
int glyph_exec(glyph_state *s, const glyph_command *c, int n, int64_t repeats, int64_t limit);

// glyph_restart forgets what is bound: someone else has used the context.
void glyph_restart(glyph_state *s);

// glyph_wait waits until the device has finished, and returns as glyph_exec does.
int glyph_wait(void);

// glyph_forget deletes the fences.
void glyph_forget(glyph_state *s);

// glyph_debug has OpenGL's messages printed to standard error.
void glyph_debug(void);

// glyph_reset is the status of the context: 0, or why it is lost.
uint32_t glyph_reset(void);

#endif
