// Package runs writes, opens, lists, compares and follows what a training leaves
// behind: a run. A run is a directory:
//
//	config.toml         every flag: glyph train --config repeats the run
//	metrics.jsonl       a line per epoch, and every few steps: Metric
//	checkpoint          the training's state, to resume from: Checkpoint
//	checkpoint.previous the one before, in case the first is damaged
//	checkpoint.next     the next one, briefly, before it is renamed
//	best.safetensors    weights of the epoch with the lowest validation loss
//	last.safetensors    weights of the last epoch
//	start.safetensors   weights it began with, if they were given
//	classes.txt         names of the classes, if a file of them was given
//	summary.json        the results of the training: Summary
//	report.html, plots  the same as a page, and its figures: package review
//	events.out.tfevents.*  the same for TensorBoard: package tensorboard
//	failure.txt         why it can't finish: its loss became non-finite
//	lock                held by the process that writes
//
// [Open] reads one, with its weights and a network that predicts; [List] reads a
// directory of them. [Create] and [Reopen] lock one for writing, and a [Recorder]
// writes it during the training. Paths inside a run are relative to it, so it can be
// moved.
//
// # What survives
//
// A process may be killed between any two instructions, and the machine may
// lose power. A file is replaced by writing a temporary file next to it, syncing it
// to disk and renaming it, so that it is always whole: the old or the new. A new
// checkpoint is first checkpoint.next; then the good one before it becomes
// checkpoint.previous, and the new one takes its name. At every instant the newest
// good one of the three can be found. metrics.jsonl is synced to disk before the
// checkpoint that records its length, and is truncated to that length when a
// training resumes. So a run loses at most what came after its last checkpoint, and
// never the last good one.
//
// # What is never touched
//
// A new run goes into a directory that is new, empty, or has the beginning of a
// run that never reached a checkpoint. Only files with the exact name of a run's
// file are removed, in a run's directory that this process has locked. The lock is
// removed while it is held, and whoever locks one checks that it is still there.
package runs
