// Package kmnist is the data: 28×28 grey images of ten cursive Japanese
// characters (Clanuwat et al. 2018, "Deep Learning for Classical Japanese
// Literature"). It knows no other room of this module.
//
//	idx.go          the IDX file format, read strictly
//	set.go          sets of images, directories of four files, splits
//	standardise.go  mean and deviation of the pixels
//	official.go     the published files and their sums
//	download.go     fetching them into a cache
//	open.go         what a name such as "auto" stands for
//	synthetic.go    drawn characters where KMNIST can't be had, from
//	                strokes.go, brush.go and distort.go
//	show.go         pictures of a set
package kmnist
