// Package runs is what a training leaves in its directory, and how it is found
// again:
//
//	config.toml         every flag: glyph train --config repeats the run
//	metrics.jsonl       a line each epoch and every so many steps
//	checkpoint          the training's state, to go on from
//	checkpoint.previous the one before, should the disk damage the first
//	best.safetensors    weights of the best epoch
//	last.safetensors    weights of the last epoch
//	start.safetensors   weights it began with, where those were given
//	classes.txt         names of the classes, where a file of them was given
//	summary.json        what the training came to
//	failure.txt         why it did not come to an end: its numbers broke
//	lock                held by the process that writes
//
// # What survives
//
// A process may be killed between any two instructions, and the machine may
// lose power. Files that are replaced are written beside their place, brought to
// the disk and renamed, so that each is whole: the old or the new. A checkpoint
// becomes checkpoint.previous before the new one takes its name; in the moment
// between, the previous one is the last, and is taken. metrics.jsonl is brought
// to the disk before the checkpoint that counts its bytes, and is cut to that
// count when a training goes on. So a run loses at most what came after its last
// checkpoint, and never the last good one.
package runs
