// Package kmnist reads, downloads and draws the data: KMNIST, 28×28 grey images of
// ten cursive Japanese characters (Clanuwat et al. 2018, "Deep Learning for Classical
// Japanese Literature"), any other data set in MNIST's file format or NumPy's, and folders
// of pictures.
//
//	set.go         Set and Data
//	open.go        Open: the data that a name such as "auto" stands for
//	load.go        Load: a data set in a directory
//	locate.go      where its four files are, and how they are spelled
//	idx.go         the IDX file format
//	numpy.go       NumPy's file formats; numpyheader.go their headers
//	emnist.go      EMNIST, turned upright
//	gallery.go     folders of pictures: which pictures and classes there are
//	pictures.go    which become the training set and which the test set
//	framing.go     pictures made into images
//	size.go        sizes of images
//	pack.go        any data as files in MNIST's format
//	kuzushiji.go   the characters of Kuzushiji-49 and Kuzushiji-Kanji
//	class.go       names of classes
//	names.go       files of class names
//	split.go       the first n images, stratified validation sets
//	balance.go     whether the classes of two sets match
//	normalise.go   mean and standard deviation of the pixels
//	official.go    the published files of KMNIST and their checksums
//	download.go    fetching them, with retries and time limits
//	cache.go       storing them
//	synthetic.go   drawn characters, for use without KMNIST
//	strokes.go     stroke paths of the characters
//	brush.go       strokes to ink
//	distort.go     handwriting, page and scan
//	random.go      random numbers that are the same on every processor
//	show.go        pictures of a set
//
// Errors are one line: "FILE: what is wrong; what to do".
package kmnist
