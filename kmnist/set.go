package kmnist

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Set is labelled grey images.
type Set struct {
	Images []uint8 // (Len, H, W), row-major, 0 black to 255 white
	Labels []uint8 // 0 to 9
	H, W   int
}

// Len is the number of images.
func (s Set) Len() int { return len(s.Labels) }

// Image is the pixels of image i.
func (s Set) Image(i int) []uint8 { return s.Images[i*s.H*s.W:][:s.H*s.W] }

// Data is a training and a test set.
type Data struct {
	Train, Test Set
	Classes     int
	Name        string // what opens it again: "kmnist", "synthetic" or the directory
	Source      string // where it came from, in a sentence
}

// Class is a character.
type Class struct{ Kana, Romaji string }

// Classes is the characters, by label.
var Classes = [10]Class{
	{"お", "o"}, {"き", "ki"}, {"す", "su"}, {"つ", "tsu"}, {"な", "na"},
	{"は", "ha"}, {"ま", "ma"}, {"や", "ya"}, {"れ", "re"}, {"を", "wo"},
}

// The four files of a directory in MNIST's format, each with .gz or without.
const (
	trainImages = "train-images-idx3-ubyte"
	trainLabels = "train-labels-idx1-ubyte"
	testImages  = "t10k-images-idx3-ubyte"
	testLabels  = "t10k-labels-idx1-ubyte"
)

// Load reads a directory with the four files of MNIST's format, whatever their
// counts.
func Load(dir string) (Data, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return Data{}, err
	}
	if info, err := os.Stat(dir); err != nil {
		return Data{}, fmt.Errorf("%s: %w", dir, cause(err))
	} else if !info.IsDir() {
		return Data{}, fmt.Errorf("%s: is no directory; give the one that holds %s.gz and the other three files", dir, trainImages)
	}
	d := Data{Classes: len(Classes), Name: absolute, Source: dir}
	if d.Train, err = loadSet(dir, trainImages, trainLabels); err != nil {
		return Data{}, err
	}
	if d.Test, err = loadSet(dir, testImages, testLabels); err != nil {
		return Data{}, err
	}
	if d.Train.H != d.Test.H || d.Train.W != d.Test.W {
		return Data{}, fmt.Errorf("%s: training images are %d×%d and test images %d×%d; they are not of one data set", dir, d.Train.H, d.Train.W, d.Test.H, d.Test.W)
	}
	return d, nil
}

func loadSet(dir, images, labels string) (Set, error) {
	imagesPath, err := find(dir, images)
	if err != nil {
		return Set{}, err
	}
	labelsPath, err := find(dir, labels)
	if err != nil {
		return Set{}, err
	}
	dims, pixels, err := readFile(imagesPath, magicImages)
	if err != nil {
		return Set{}, err
	}
	_, classes, err := readFile(labelsPath, magicLabels)
	if err != nil {
		return Set{}, err
	}
	if dims[0] != len(classes) {
		return Set{}, fmt.Errorf("%s has %d images and %s %d labels; they are not of one set", imagesPath, dims[0], labelsPath, len(classes))
	}
	for i, c := range classes {
		if int(c) >= len(Classes) {
			return Set{}, fmt.Errorf("%s: label %d is %d; the %d classes are 0 to %d", labelsPath, i, c, len(Classes), len(Classes)-1)
		}
	}
	return Set{Images: pixels, Labels: classes, H: dims[1], W: dims[2]}, nil
}

// find is the path of a file, compressed or not.
func find(dir, name string) (string, error) {
	for _, path := range []string{filepath.Join(dir, name+".gz"), filepath.Join(dir, name)} {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		} else if !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("%s: %w", path, cause(err))
		}
	}
	return "", fmt.Errorf("%s: there is no %s, with .gz or without; a data directory has %s", dir, name,
		strings.Join([]string{trainImages, trainLabels, testImages, testLabels}, ", "))
}

// Limit is the first n images.
func (s Set) Limit(n int) (Set, error) {
	if n < 1 || n > s.Len() {
		return Set{}, fmt.Errorf("%d images of %d; want 1 to %d", n, s.Len(), s.Len())
	}
	return Set{Images: s.Images[:n*s.H*s.W], Labels: s.Labels[:n], H: s.H, W: s.W}, nil
}

// Holdout splits off a part: a fraction below 1, or that number of images. The
// split is stratified: each class gives its share, by largest remainder, but
// never its last image. Which images go is drawn by seed; both parts keep the
// order of the whole.
func (s Set) Holdout(part float64, seed uint64) (train, held Set, err error) {
	n := int(part)
	if part < 1 {
		n = int(math.Round(part * float64(s.Len())))
	}
	byClass := make([][]int, len(Classes))
	for i, c := range s.Labels {
		byClass[c] = append(byClass[c], i)
	}
	spare := 0
	for _, members := range byClass {
		spare += max(0, len(members)-1)
	}
	if n < 1 || n > spare {
		return Set{}, Set{}, fmt.Errorf("%v is %d of %d images; want 1 to %d, so that each class keeps one", part, n, s.Len(), spare)
	}
	r := rand.New(rand.NewPCG(seed, 0x686f6c64))
	out := make([]bool, s.Len())
	for c, quota := range quotas(byClass, n, s.Len()) {
		members := byClass[c]
		r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		for _, i := range members[:quota] {
			out[i] = true
		}
	}
	return s.pick(out, false), s.pick(out, true), nil
}

// quotas is how many of n images each class gives: its share rounded down, and
// one more for the largest remainders, but at most all but one.
func quotas(byClass [][]int, n, total int) []int {
	quota := make([]int, len(byClass))
	left := n
	order := make([]int, len(byClass))
	for c, members := range byClass {
		quota[c] = min(len(members)*n/total, max(0, len(members)-1))
		left -= quota[c]
		order[c] = c
	}
	sort.SliceStable(order, func(i, j int) bool {
		return len(byClass[order[i]])*n%total > len(byClass[order[j]])*n%total
	})
	for i := 0; left > 0; i++ {
		if c := order[i%len(order)]; quota[c] < len(byClass[c])-1 {
			quota[c]++
			left--
		}
	}
	return quota
}

// pick is the images whose mark is want.
func (s Set) pick(marks []bool, want bool) Set {
	p := Set{H: s.H, W: s.W}
	for i, m := range marks {
		if m == want {
			p.Images = append(p.Images, s.Image(i)...)
			p.Labels = append(p.Labels, s.Labels[i])
		}
	}
	return p
}
