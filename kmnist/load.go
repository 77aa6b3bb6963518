package kmnist

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"glyph/internal/message"
)

// The four files of a data set, as MNIST and KMNIST are published.
const (
	trainImages = "train-images-idx3-ubyte"
	trainLabels = "train-labels-idx1-ubyte"
	testImages  = "t10k-images-idx3-ubyte"
	testLabels  = "t10k-labels-idx1-ubyte"
)

// Load reads a data set of four files in MNIST's format, of any counts, image size
// and number of classes. dir is the directory that holds them, or one above it:
// files lie in it, in folders of their names, in a folder of it, or in a folder's
// folder raw, where torchvision keeps them. Their names may begin with a prefix
// and be spelled train-images-idx3-ubyte or train-images.idx3-ubyte, t10k or test,
// with .gz or without. One of several sets in a directory is named by the
// directory and the prefix of its files: gzip/emnist-letters.
//
// The classes' names come from classes.txt, class_names.txt or labels.txt beside
// the files, or from EMNIST's PREFIX-mapping.txt (see ReadClasses). Without such a
// file KMNIST, told by the content of its test images, has its characters, and
// any other set its labels. There are as many classes as names, or as the
// greatest label needs.
//
// Load fails for a file that is missing or that ReadImages or ReadLabels refuses,
// for a file that is there twice with different content, for counts of images and
// labels that differ, for training and test images of different sizes, and for
// names that are fewer than the classes.
func Load(dir string) (Data, error) { return load(context.Background(), dir, "") }

// load is Load with the names of a file, or with the data's own.
func load(ctx context.Context, dir, names string) (Data, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return Data{}, fail(dir, err)
	}
	l, err := locate(dir)
	if err != nil {
		return Data{}, fail(dir, err)
	}
	d := Data{Name: absolute, Source: message.Quote(dir)}
	for r, paths := range l.paths {
		if len(paths) == 0 {
			return Data{}, fail(dir, missing(r))
		}
		d.Files = append(d.Files, paths[0])
	}
	if d.Train, err = loadSet(ctx, l.paths[trainingImages], l.paths[trainingLabels]); err != nil {
		return Data{}, err
	}
	if d.Test, err = loadSet(ctx, l.paths[testingImages], l.paths[testingLabels]); err != nil {
		return Data{}, err
	}
	if d.Train.H != d.Test.H || d.Train.W != d.Test.W {
		return Data{}, fail(dir, fmt.Errorf("training images are %d×%d and test images %d×%d; give four files of one data set",
			d.Train.H, d.Train.W, d.Test.H, d.Test.W))
	}
	if names == "" {
		if names, err = l.namesBeside(dir); err != nil {
			return Data{}, fail(dir, err)
		}
	}
	return d, d.name(names)
}

// name sets the classes, from a file of names if there is one.
func (d *Data) name(file string) error {
	n := max(d.Train.classes(), d.Test.classes())
	none := !slices.Contains(d.Train.Labels, 0) && !slices.Contains(d.Test.Labels, 0)
	switch {
	case file != "":
		classes, err := ReadClasses(file)
		if err != nil {
			return err
		}
		if none && len(classes) == n-1 { // named from label 1 on
			classes = slices.Insert(classes, 0, Numbered(1)[0])
		}
		if len(classes) < n {
			return fail(file, fmt.Errorf("has %s, but the labels go from 0 to %d; give a line for each of %d classes", message.Count(len(classes), "name"), n-1, n))
		}
		d.Classes, d.Files = classes, append(d.Files, file)
	case len(d.Classes) > 0: // as KMNIST's, by its name
	case isOfficial(d.Test):
		d.Classes = Characters()
	default:
		d.Classes = Numbered(n)
	}
	if none {
		d.Notes = append(d.Notes, fmt.Sprintf("labels begin at 1, as EMNIST's letters do: class 0 has no images, and there are %d classes with it", len(d.Classes)))
	}
	if len(d.Classes) < 2 {
		return fail(d.Source, errors.New("all labels are 0, and one class is nothing to learn; give labels of two classes or more"))
	}
	return nil
}

// officialTest is the SHA-256 of the pixels of KMNIST's 10,000 test images.
const officialTest = "dc10e73c6e83fb3fb3586eafece217ab6602e7825fa7d49399359bde3fc66f07"

// isOfficial tells whether a set is KMNIST's test set, whatever its file is called
// and however it was compressed.
func isOfficial(test Set) bool {
	if test.Len() != 10000 || test.H != side || test.W != side {
		return false
	}
	sum := sha256.Sum256(test.Images)
	return hex.EncodeToString(sum[:]) == officialTest
}

// loadSet reads images and their labels, each from one file or from several that
// must not differ. Labels come first: they are small, and tell how many images
// are worth reading.
func loadSet(ctx context.Context, images, labels []string) (Set, error) {
	if ctx.Err() != nil {
		return Set{}, ctx.Err()
	}
	_, classes, err := readSame(labels, magicLabels, nil)
	if err != nil {
		return Set{}, err
	}
	dims, pixels, err := readSame(images, magicImages, func(dims []int) error {
		if dims[0] != len(classes) {
			return fmt.Errorf("has %s, but %s has %s; give two files of one set", message.Count(dims[0], "image"), filepath.Base(labels[0]), message.Count(len(classes), "label"))
		}
		return ctx.Err()
	})
	if err != nil {
		return Set{}, err
	}
	return Set{Images: pixels, Labels: classes, H: dims[1], W: dims[2]}, nil
}

// readSame reads a file that is there in several forms, such as compressed and
// plain, which must not differ. check may refuse what a header says.
func readSame(paths []string, magic uint32, check func(dims []int) error) (dims []int, data []byte, err error) {
	for i, path := range paths {
		d, content, err := readFile(path, magic, check)
		switch {
		case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
			return nil, nil, err
		case err != nil:
			return nil, nil, fail(path, err)
		case i == 0:
			dims, data = d, content
		case !slices.Equal(d, dims) || !bytes.Equal(content, data):
			return nil, nil, fail(paths[0], fmt.Errorf("differs from %s, and both are there; remove the one that is wrong", message.Quote(path)))
		}
	}
	return dims, data, nil
}
