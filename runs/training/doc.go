// Package training trains a network in a run's directory, with all that belongs to
// it: data prepared as the settings say, weights to begin with, checkpoints, an
// interrupted run that resumes, and a summary of what it came to.
//
// [New] checks a [Task] against its data, before any device is opened.
// [Training.Build] makes the network on a device, and [Training.Record] writes the
// training into a directory that [runs.Create] or [runs.Reopen] has taken; one that
// was reopened resumes. [Training.Train] trains and evaluates, and [Training.Keep]
// keeps what it came to. A training without a directory leaves out Record and Keep.
//
// Package train knows neither files nor kmnist's data, and package runs not how a
// training goes; this package is where they meet.
package training
