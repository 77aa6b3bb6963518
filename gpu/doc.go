// Package gpu is the Backend that computes in OpenGL 4.3 compute shaders, on
// any vendor's GPU, without a display.
//
// # Threads and queues
//
// An OpenGL context belongs to one thread, so a Backend owns a goroutine locked
// to its thread. Operations become commands of a fixed size (exec.h) in a batch
// in C memory, and batches go to that thread, where one C loop runs them: an
// operation allocates nothing and waits for nothing. Only Read, ReadInts, Sync,
// Close and the allocation of buffers wait.
//
// [Backend.Repeat] keeps the batch that one call of the step makes, and has it
// run n times over by one call of that loop. Nothing crosses from the host in
// between: what changes from step to step lives on the device.
//
// A command carries a barrier exactly when it touches what a command since the
// last barrier wrote, or writes what one touched (hazards.go).
//
// # Programs
//
// The kernels are in package shaders, one file each, specialised by #define:
// tile sizes, vector loads, the activation, the geometry of a convolution. (On a
// device that computes on the CPU, small convolutions share programs and get their
// geometry as uniforms: see conv2d.go.) What Go and a kernel have to agree on, the
// bindings of operands and the locations of uniforms, is #defines too, numbered in
// the order of their names (program.go).
// Programs are compiled when first needed, all that a batch needs at once, and
// kept as program binaries in the user's cache folder, or in GLYPH_CACHE. Where a driver
// can't build one, a plainer variant with the same bits takes its place, or a compiled
// step is done operation by operation, with one line on standard error (fallback.go).
//
// # Compiled steps
//
// A step that Repeat does often is compiled: operations that follow each other become
// one kernel (fuse.go has the rules), with the same bits, since every sum keeps its
// order. A batch is gathered in the first convolution's loads, the loss joins the last
// dense layer, the update joins the kernels that make the gradients, and the clock moves in
// the work group of the step that is done last.
// What only a fused operation reads isn't written then; the last repetition, and any
// before a visit that needs all memory (see [Moment.Complete]), does the operations one by
// one, so that nobody can tell. Kernels need not bind more than maxBindings blocks for
// that, since small buffers lie in one (pool.go). [Backend.StepCost] tells what it saves.
//
// # Tiles
//
// A product of matrices is shared out in tiles (gemm.go). Which one changes no bit: sums
// go in one order in all kinds of tile, and where a sum is cut follows from the shape of
// the product (cut.go). So tiles may be chosen by time (tuning.go): on hardware, before a
// step is repeated often, each of its products is measured in every kind of tile that the
// estimate doesn't rule out, on memory of its own, for two seconds in all, and the
// fastest is kept in a file beside the program binaries. [Backend.Tiles] lists them.
// The estimate counts waves of work groups on the multiprocessors that there are (waves.go),
// or, where the driver doesn't tell their number, 128 work groups at a time.
// Software OpenGL has kinds of tile and cuts of its own: its bits are not those of hardware.
//
// # Memory
//
// [Backend.Free] is queued like an operation: the thread deletes a buffer when
// the commands before it have run. Close gives back what is left, on the device
// and in C, and returns when the thread has ended.
//
// # Building
//
// EGL is loaded when a context is first asked for, and go-gl's reference to
// libGL is dropped at link time (egl_linux.c): a program with this package
// starts on a machine without any GL library, and Open then says what is
// missing. Building needs cgo and go-gl's headers (libgl-dev or mesa-dev).
// The build tag glfw adds contexts through GLFW's hidden window, and needs X11
// headers to build and libraries to start. With CGO_ENABLED=0 there is no OpenGL, and Open says so.
//
// # Environment
//
//	GLYPH_GL_DEBUG=1  the driver's messages go to standard error
//	GLYPH_GL_TIME=1   every kernel is timed; Close prints the times
//	GLYPH_GPU_FUSE    "off" to have a recorded step done operation by operation
//	GLYPH_GPU_TUNE    "on", "off" or "fixed": whether tiles are chosen by time
//	GLYPH_CACHE       folder of program binaries; "off" for none
package gpu
