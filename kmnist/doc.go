// Package kmnist is the data: 28×28 grey images of ten cursive Japanese
// characters (Clanuwat et al. 2018, "Deep Learning for Classical Japanese
// Literature"). It knows no other room of this module.
//
//	set.go          sets of labelled images, the classes, the names of data
//	idx.go          the IDX file format, read strictly
//	load.go         directories of four files
//	split.go        the first n images, stratified validation sets
//	normalise.go  mean and deviation of the pixels
//	official.go     the published files and their sums
//	download.go     fetching them, with retries and time limits
//	cache.go        keeping them: verified, and never half a file
//	open.go         what a name such as "auto" stands for
//	synthetic.go    drawn characters where KMNIST can't be had
//	strokes.go      the ways of writing each character
//	brush.go        strokes to ink
//	distort.go      how hands, pages and scans differ
//	random.go       numbers that are the same on every processor
//	show.go         pictures of a set
//
// Errors are one line, "kmnist: FILE: what; what to do".
package kmnist
