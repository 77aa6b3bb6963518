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

// Load reads a data set of four files in MNIST's format, with any number of images
// and classes and any image size. The files are searched in dir itself, each in a
// directory of its own name, in the subdirectories of dir, and in their
// subdirectories raw, where torchvision keeps them. Names may be spelled
// train-images-idx3-ubyte or train-images.idx3-ubyte, t10k or test, with or without
// .gz, and may begin with a prefix. If a directory holds several data sets, dir is
// the directory followed by the prefix of one: gzip/emnist-letters.
//
// The names of the classes come from classes.txt, class_names.txt or labels.txt
// beside the files, or from EMNIST's PREFIX-mapping.txt; see ReadClasses. Without
// such a file, KMNIST, which is recognised by the content of its test images, has its
// characters, and the classes of any other data set are named by their labels. There
// are as many classes as names, or one more than the greatest label.
//
// Load fails if a file is missing or ReadImages or ReadLabels refuses it, if two
// files for the same purpose differ in content, if the counts of images and labels
// differ, if training and test images differ in size, and if there are fewer names
// than classes.
func Load(dir string) (Data, error) { return load(context.Background(), dir, "") }

// load is Load with class names from a file, or with the data's own if names is "".
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

// name sets the classes, from a file of names unless file is "".
func (d *Data) name(file string) error {
	n := max(d.Train.classes(), d.Test.classes())
	none := !slices.Contains(d.Train.Labels, 0) && !slices.Contains(d.Test.Labels, 0)
	switch {
	case file != "":
		classes, err := ReadClasses(file)
		if err != nil {
			return err
		}
		if none && len(classes) == n-1 { // the first name is that of label 1
			classes = slices.Insert(classes, 0, Numbered(1)[0])
		}
		if len(classes) < n {
			return fail(file, fmt.Errorf("has %s, but the labels go from 0 to %d; give a line for each of %d classes", message.Count(len(classes), "name"), n-1, n))
		}
		d.Classes, d.Files = classes, append(d.Files, file)
	case len(d.Classes) > 0: // KMNIST or synthetic, opened by name
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

// isOfficial reports whether a set is KMNIST's test set, whatever its file is called
// and whether or not it is compressed.
func isOfficial(test Set) bool {
	if test.Len() != 10000 || test.H != side || test.W != side {
		return false
	}
	sum := sha256.Sum256(test.Images)
	return hex.EncodeToString(sum[:]) == officialTest
}

// loadSet reads images and their labels, each from one file or from several with the
// same content. The labels, which are small, are read first: if the header of the
// images has another count, the images are not read.
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

// readSame reads several files that must have the same content, such as one that is
// there compressed and not. check is that of readFile.
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
