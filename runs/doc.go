// Package runs is all that a training leaves: how it is written, opened, listed,
// compared and followed. A run is a directory:
//
//	config.toml         every flag: glyph train --config repeats the run
//	metrics.jsonl       a line each epoch and every so many steps: Metric
//	checkpoint          the training's state, to resume from: Checkpoint
//	checkpoint.previous the one before, should the disk damage the first
//	checkpoint.next     the one that is to take its name, for an instant
//	best.safetensors    weights of the epoch with the lowest validation loss
//	last.safetensors    weights of the last epoch
//	start.safetensors   weights it began with, where those were given
//	classes.txt         names of the classes, where a file of them was given
//	summary.json        what the training came to: Summary
//	report.html, plots  the same as a page, and its figures: package review
//	events.out.tfevents.*  the same for TensorBoard: package tensorboard
//	failure.txt         why it did not come to an end: its loss became non-finite
//	lock                held by the process that writes
//
// [Open] reads one, with its weights and a network that predicts; [List] reads a
// directory of them. [Create] and [Reopen] take one for writing, and a [Recorder]
// writes it while the training goes on. Paths inside a run are relative to it, so
// it can be moved.
//
// # What survives
//
// A process may be killed between any two instructions, and the machine may
// lose power. Files that are replaced are written beside their place, brought to
// the disk and renamed, so that each is whole: the old or the new. A new
// checkpoint is checkpoint.next first; then the good one before it becomes
// checkpoint.previous, and the new one takes its name. At every instant the newest
// good one of the three is found. metrics.jsonl is brought to the disk before the
// checkpoint that counts its bytes, and is cut to that count when a training
// resumes. So a run loses at most what came after its last checkpoint, and never
// the last good one.
//
// # What is never touched
//
// A new run goes into a directory that is new, empty, or has the beginning of a
// run that came to no checkpoint. What is removed has the exact name of a file of
// a run's, in a directory that is a run's and locked by this process. The lock is
// removed while it is held, and who locks one checks that it is still there.
package runs
