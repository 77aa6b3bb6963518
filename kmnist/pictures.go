package kmnist

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"glyph/internal/message"
)

// PictureOptions say how a folder of pictures becomes images. They have no effect on other
// data.
//
// Grey pictures are framed by recognise/ink as for glyph predict: white ink on black,
// cropped to the ink and scaled to the size; one that has the size already is not
// cropped. In colour the whole picture is scaled to cover the image.
type PictureOptions struct {
	Size      Size    // zero: the pictures' own, if all have the same of up to 64×64, otherwise 28×28
	TestShare float64 // of each class, where the folder has no test set; 0 means DefaultTestShare
	Seed      uint64  // decides which pictures those are; 0 means 1
	Top       int     // keep this many classes, those with the most pictures; 0 keeps all
}

// DefaultTestShare is the share of each class that becomes the test set if a folder of
// pictures has none.
const DefaultTestShare = 0.2

// maxOwnSize is the longest side of pictures that keep their own size.
const maxOwnSize = 64

// load reads the pictures. absolute is the path of the folder.
func (t *gallery) load(ctx context.Context, absolute string, o Options) (Data, error) {
	p := o.Pictures
	t.keep(p.Top)
	if n := len(t.classes); n > maxClasses {
		return Data{}, fail(t.dir, fmt.Errorf("has %s sub-folders with pictures, and there can be %d classes; glyph data pack DIR --top %d --out OTHER keeps those with the most pictures",
			message.Thousands(n), maxClasses, maxClasses))
	}
	if len(t.classes) < 2 {
		return Data{}, fail(t.dir, errors.New("has pictures in one sub-folder only, and with one class there is nothing to learn; give each class a sub-folder"))
	}
	if t.testFolder == "" {
		t.split(cmp.Or(p.TestShare, DefaultTestShare), cmp.Or(p.Seed, 1))
	}
	shuffle(t.train, cmp.Or(p.Seed, 1))
	if len(t.test) == 0 {
		return Data{}, fail(t.dir, errors.New("has no class with two pictures, so there is none to test with; add pictures"))
	}
	size := p.Size
	if size == (Size{}) {
		size = t.ownSize(ctx)
	}
	d := Data{Name: absolute, Source: message.Quote(t.dir), Classes: t.classes, Pictures: true}
	var blank []string
	for _, s := range []struct {
		to       *Set
		pictures []picture
	}{{&d.Train, t.train}, {&d.Test, t.test}} {
		set, without, err := frameAll(ctx, s.pictures, size)
		if err != nil {
			return Data{}, err
		}
		*s.to, blank = set, append(blank, without...)
	}
	d.Notes = t.notesOn(size, blank)
	if d.Train.Len() == 0 || d.Test.Len() == 0 {
		return Data{}, fail(t.dir, errors.New("has nothing but pictures without ink to find; for colours or whole pictures choose a size with channels, --size 28x28x3"))
	}
	if o.Classes == "" {
		return d, nil
	}
	classes := d.Classes
	d.Classes = nil
	if err := d.name(o.Classes, nil); err != nil {
		return Data{}, err
	}
	if len(d.Classes) != len(classes) {
		return Data{}, fail(o.Classes, fmt.Errorf("has %s, and there are %s with pictures; give a line for each", message.Count(len(d.Classes), "name"), message.Count(len(classes), "sub-folder")))
	}
	return d, nil
}

// notesOn says how the pictures became images.
func (t *gallery) notesOn(size Size, blank []string) (notes []string) {
	how := "framed as glyph predict frames them"
	if size.C > 1 {
		how = "scaled, in colour"
	}
	set := fmt.Sprintf("part of each class is the test set, %s in all", message.Count(len(t.test), "picture"))
	if t.testFolder != "" {
		set = "the test set is " + message.Quote(t.testFolder)
	}
	notes = append(notes, fmt.Sprintf("pictures become images of %v, %s; %s", size, how, set))
	if n := len(blank); n > 0 {
		notes = append(notes, fmt.Sprintf("left out %s, such as %s", message.Count(n, "blank picture"), message.Quote(blank[0])))
	}
	if n := len(t.others); n > 0 {
		kind := "that is not a PNG, JPEG or GIF"
		if n > 1 {
			kind = "that are not PNG, JPEG or GIF"
		}
		notes = append(notes, fmt.Sprintf("left out %s %s, %s", message.Count(n, "picture"), kind, t.convert()))
	}
	return notes
}

// keep drops all classes but the n with the most pictures, unless n is 0.
func (t *gallery) keep(n int) {
	if n <= 0 || n >= len(t.classes) {
		return
	}
	counts, order := make([]int, len(t.classes)), make([]int, len(t.classes))
	for i := range order {
		order[i] = i
	}
	for _, p := range slices.Concat(t.train, t.test) {
		counts[p.label]++
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(counts[b], counts[a]) })
	kept := slices.Sorted(slices.Values(order[:n]))
	classes, relabel := make([]Class, n), map[int]int{}
	for i, old := range kept {
		classes[i], relabel[old] = t.classes[old], i
	}
	t.classes = classes
	for _, list := range []*[]picture{&t.train, &t.test} {
		*list = slices.DeleteFunc(*list, func(p picture) bool { _, found := relabel[p.label]; return !found })
		for i := range *list {
			(*list)[i].label = relabel[(*list)[i].label]
		}
	}
}

// key is a number computed from a seed and a picture's name, the same on every machine and
// wherever the folder is.
func (p picture) key(seed uint64) uint64 {
	h := sha256.New()
	binary.Write(h, binary.LittleEndian, seed)  //nolint:errcheck // a hash never fails
	h.Write([]byte(p.folder + "\x00" + p.name)) //nolint:errcheck // as above
	return binary.LittleEndian.Uint64(h.Sum(nil))
}

// shuffle orders pictures by their keys.
func shuffle(list []picture, seed uint64) {
	type keyed struct {
		picture
		key uint64
	}
	order := make([]keyed, len(list))
	for i, p := range list {
		order[i] = keyed{p, p.key(seed)}
	}
	slices.SortFunc(order, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.folder, b.folder), cmp.Compare(a.name, b.name))
	})
	for i, p := range order {
		list[i] = p.picture
	}
}

// split moves a share of each class, rounded, to the test set: at least one picture, but
// never a class's only one. Adding pictures later changes the place of few others.
func (t *gallery) split(share float64, seed uint64) {
	all := t.train
	shuffle(all, seed)
	byClass := make([][]picture, len(t.classes))
	for _, p := range all {
		byClass[p.label] = append(byClass[p.label], p)
	}
	t.train = nil
	for _, class := range byClass {
		n := min(max(1, int(math.Round(share*float64(len(class))))), len(class)-1)
		t.test, t.train = append(t.test, class[:n]...), append(t.train, class[n:]...)
	}
	shuffle(t.test, seed)
}

// IsPictures reports whether a directory is a folder of pictures, as Load finds it.
func IsPictures(dir string) bool {
	if _, err := locate(dir); !errors.As(err, new(missing)) {
		return false
	}
	t, err := findGallery(dir)
	return t != nil && err == nil
}
