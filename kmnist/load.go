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
	"strings"

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
// and classes and any image size, or a folder of pictures. It looks for the files in
// dir itself, each in a directory of its own name, in the subdirectories of dir, and in
// their subdirectories raw, where torchvision keeps them. Names may be spelled
// train-images-idx3-ubyte or train-images.idx3-ubyte, t10k or test, with or without
// .gz, and may begin with a prefix. If a directory holds several data sets, dir is
// the directory followed by the prefix of one: gzip/emnist-letters. NumPy's files,
// such as k49-train-imgs.npz, are read too. EMNIST's images, which are stored
// transposed, are turned upright, and its letters' labels begin at 0.
//
// A directory without such files is a folder of pictures if it has a sub-folder of
// PNG, JPEG or GIF pictures for each class, or has sub-folders train and test (or val)
// with one for each class. Without those two, a fifth of each class is the test set;
// which pictures those are depends only on their names. A sub-folder has the name of its
// class; one such as U+4E00 stands for the character. See PictureOptions for how
// pictures are framed.
//
// The names of the classes come from classes.txt, class_names.txt or labels.txt
// beside the files, or from EMNIST's PREFIX-mapping.txt or CODH's PREFIX_classmap.csv;
// see ReadClasses. Without such a file, KMNIST, which is recognised by the content of
// its test images, has its characters, and so has Kuzushiji-49, by its prefix k49,
// and Fashion-MNIST, by a directory or a prefix with fashion in its name; the
// classes of any other data set are named by their labels. There are as many classes as
// names, or one more than the greatest label.
//
// Load fails if a file is missing or ReadImages or ReadLabels refuses it, if two
// files for the same purpose differ in content, if the counts of images and labels
// differ, if training and test images differ in size, and if there are fewer names
// than classes.
func Load(dir string) (Data, error) { return load(context.Background(), dir, Options{}) }

// load is Load with the class names and the framing that the options say.
func load(ctx context.Context, dir string, o Options) (Data, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return Data{}, fail(dir, err)
	}
	l, err := locate(dir)
	if errors.As(err, new(missing)) { // not one file of a data set
		t, treeErr := findGallery(dir)
		switch {
		case treeErr != nil:
			return Data{}, fail(dir, treeErr)
		case t != nil:
			return t.load(ctx, absolute, o)
		}
		err = fmt.Errorf("%w, or one with a sub-folder of PNG or JPEG pictures for each class", err)
	}
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
	if train, test := d.Train.Dimensions(), d.Test.Dimensions(); train != test {
		return Data{}, fail(dir, fmt.Errorf("training images are %s and test images %s; give four files of one data set", train, test))
	}
	if l.emnist() {
		d.uprightEMNIST()
	}
	names := o.Classes
	if names == "" {
		if names, err = l.namesBeside(dir); err != nil {
			return Data{}, fail(dir, err)
		}
	}
	return d, d.name(names, l)
}

// name sets the classes, from a file of names unless file is "". l is where the files
// are; nil for none.
func (d *Data) name(file string, l *location) error {
	n := max(d.Train.classes(), d.Test.classes())
	none := !slices.Contains(d.Train.Labels, 0) && !slices.Contains(d.Test.Labels, 0)
	switch {
	case file != "":
		classes, err := ReadClasses(file)
		if err != nil {
			return err
		}
		switch {
		case none && len(classes) == n-1: // the first name is that of label 1
			classes = slices.Insert(classes, 0, Numbered(1)[0])
		case l != nil && l.emnist() && len(classes) == n+1 && classes[0] == Numbered(1)[0]: // of a label 0 that no letter has
			classes = classes[1:]
		}
		if len(classes) < n {
			return fail(file, fmt.Errorf("has %s, but the labels go from 0 to %d; give a line for each of %d classes", message.Count(len(classes), "name"), n-1, n))
		}
		d.Classes, d.Files = classes, append(d.Files, file)
	case len(d.Classes) > 0: // KMNIST or synthetic, opened by name
	case isOfficial(d.Test):
		d.Classes = Characters()
	case l != nil && strings.EqualFold(l.prefix, "k49") && n == len(Kuzushiji49()):
		d.Classes = Kuzushiji49()
	case l != nil && n == len(FashionMNIST()) && l.fashion():
		d.Classes = FashionMNIST()
	default:
		d.Classes = Numbered(n)
	}
	if none {
		d.Notes = append(d.Notes, fmt.Sprintf("labels begin at 1, as EMNIST's letters do: class 0 has no images, and there are %d classes with it", len(d.Classes)))
	}
	if len(d.Classes) < 2 {
		return fail(d.Source, errors.New("all labels are 0, and with one class there is nothing to learn; give labels of two classes or more"))
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
	s := Set{Images: pixels, Labels: classes, H: dims[1], W: dims[2]}
	if len(dims) > 3 {
		s.C = dims[3]
	}
	return s, nil
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
