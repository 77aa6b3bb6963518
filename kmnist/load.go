package kmnist

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"glyph/internal/message"
)

// The four files of a directory in MNIST's format, each with .gz or without.
const (
	trainImages = "train-images-idx3-ubyte"
	trainLabels = "train-labels-idx1-ubyte"
	testImages  = "t10k-images-idx3-ubyte"
	testLabels  = "t10k-labels-idx1-ubyte"
)

// Load reads a directory with the four files of MNIST's format, whatever their
// counts. It fails for a file that is missing or that ReadImages or ReadLabels
// refuses, for counts of images and labels that differ, for a label that is no
// class, and for training and test images of different sizes.
func Load(dir string) (Data, error) { return load(context.Background(), dir) }

func load(ctx context.Context, dir string) (Data, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return Data{}, fail(dir, err)
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Data{}, fail(dir, fmt.Errorf("%w; give a directory with %s.gz and the other three files", message.Cause(err), trainImages))
	case err != nil:
		return Data{}, fail(dir, message.Cause(err))
	case !info.IsDir():
		return Data{}, fail(dir, fmt.Errorf("is no directory; give the one that holds %s.gz and the other three files", trainImages))
	}
	d := Data{Classes: Characters(), Name: absolute, Source: message.Quote(dir)}
	if d.Train, err = loadSet(ctx, dir, trainImages, trainLabels); err != nil {
		return Data{}, err
	}
	if d.Test, err = loadSet(ctx, dir, testImages, testLabels); err != nil {
		return Data{}, err
	}
	if d.Train.H != d.Test.H || d.Train.W != d.Test.W {
		return Data{}, fail(dir, fmt.Errorf("training images are %d×%d and test images %d×%d; give four files of one data set",
			d.Train.H, d.Train.W, d.Test.H, d.Test.W))
	}
	return d, nil
}

func loadSet(ctx context.Context, dir, images, labels string) (Set, error) {
	imagesPath, err := find(dir, images)
	if err != nil {
		return Set{}, fail(dir, err)
	}
	labelsPath, err := find(dir, labels)
	if err != nil {
		return Set{}, fail(dir, err)
	}
	if ctx.Err() != nil {
		return Set{}, ctx.Err()
	}
	pixels, n, h, w, err := ReadImages(imagesPath)
	if err != nil {
		return Set{}, err
	}
	classes, err := ReadLabels(labelsPath)
	if err != nil {
		return Set{}, err
	}
	if n != len(classes) {
		return Set{}, fail(imagesPath, fmt.Errorf("has %d images, but %s has %d labels; give two files of one set", n, filepath.Base(labelsPath), len(classes)))
	}
	for i, c := range classes {
		if int(c) >= classCount {
			return Set{}, fail(labelsPath, fmt.Errorf("label %d is %d, but the %d classes are 0 to %d; give labels of ten classes", i, c, classCount, classCount-1))
		}
	}
	return Set{Images: pixels, Labels: classes, H: h, W: w}, nil
}

// find is the path of a file, compressed or not. Its error does not name the
// directory.
func find(dir, name string) (string, error) {
	for _, path := range []string{filepath.Join(dir, name+".gz"), filepath.Join(dir, name)} {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("%s: %w", filepath.Base(path), message.Cause(err))
		}
	}
	return "", missing(name)
}

// missing is that a directory has not the file of that name.
type missing string

func (name missing) Error() string {
	all := []string{trainImages, trainLabels, testImages, testLabels}
	return fmt.Sprintf("there is no %s, with .gz or without; give a directory with %s", string(name), strings.Join(all, ", "))
}
