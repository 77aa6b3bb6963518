// Package train runs the loop of a training: batches in shuffled order,
// learning-rate schedules, evaluation, early stopping, and stopping cleanly
// when interrupted or when the loss is no longer a number.
//
// A step is recorded once and repeated by the backend (glyph.Backend.Repeat)
// in chunks of about a tenth of a second; between chunks the host reads the
// log of losses. The division into chunks does not affect the result.
package train
