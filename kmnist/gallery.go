package kmnist

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"glyph/internal/message"
)

// gallery is a folder of pictures, with a sub-folder for each class.
type gallery struct {
	dir         string
	classes     []Class
	folders     []string // of the classes
	train, test []picture
	testFolder  string   // that test came from; "" where it has yet to be split off
	others      []string // pictures of kinds that are not read
}

// picture is a file of a gallery. name is that of the file within its class.
type picture struct {
	path, folder, name string
	label              int
}

// folder is the folder of a class.
type folder struct {
	name     string
	pictures []picture
}

// Names of the folders of a training and of a test set. Of the latter the first that
// is there counts.
var (
	trainFolders = []string{"train", "training"}
	testFolders  = []string{"test", "testing", "val", "valid", "validation"}
)

// pictureExtensions are those of files that are read.
var pictureExtensions = []string{".png", ".jpg", ".jpeg", ".gif"}

// otherExtensions are those of pictures that are not read.
var otherExtensions = []string{".webp", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif", ".jxl", ".jp2", ".pgm", ".ppm", ".svg"}

// findGallery looks for a folder of pictures. It returns nil without an error if there is
// no sub-folder with a picture.
func findGallery(dir string) (*gallery, error) {
	t := &gallery{dir: dir}
	subs, err := subfolders(dir)
	if err != nil {
		return nil, nil // locate has reported it
	}
	train, test := named(subs, trainFolders), ""
	if train != "" {
		test = named(subs, testFolders)
	}
	if test != "" {
		if t, err := t.given(train, test); t != nil || err != nil {
			return t, err
		}
	}
	t.others = nil
	folders, err := t.classFolders(dir, subs)
	switch {
	case err != nil:
		return nil, err
	case len(folders) == 0 && len(t.others) > 0:
		return nil, fmt.Errorf("has no PNG, JPEG or GIF pictures in its sub-folders, but %s of another kind, %s", message.Thousands(len(t.others)), t.convert())
	case len(folders) == 0:
		return nil, nil
	}
	if err := t.name(folders); err != nil {
		return nil, err
	}
	t.train = t.label(folders)
	return t, nil
}

// given reads a gallery whose training and test sets have folders of their own. It
// returns nil if these have no sub-folders with pictures.
func (t *gallery) given(train, test string) (*gallery, error) {
	var sets [2][]folder
	for i, name := range []string{train, test} {
		at := filepath.Join(t.dir, name)
		subs, err := subfolders(at)
		if err != nil {
			return nil, message.Cause(err)
		}
		if sets[i], err = t.classFolders(at, subs); err != nil {
			return nil, err
		}
	}
	switch {
	case len(sets[0])+len(sets[1]) == 0:
		return nil, nil
	case len(sets[0]) == 0 || len(sets[1]) == 0:
		empty := []string{train, test}[min(len(sets[0]), 1)]
		return nil, fmt.Errorf("has no pictures in the sub-folders of %s; give each class a sub-folder of PNG or JPEG pictures in it", message.Quote(empty))
	}
	if err := t.name(slices.Concat(sets[0], sets[1])); err != nil {
		return nil, err
	}
	t.train, t.test, t.testFolder = t.label(sets[0]), t.label(sets[1]), test
	return t, nil
}

// named returns the first of some names that is one of the folders', in any case.
func named(folders, names []string) string {
	for _, name := range names {
		if i := slices.IndexFunc(folders, func(f string) bool { return strings.EqualFold(f, name) }); i >= 0 {
			return folders[i]
		}
	}
	return ""
}

// subfolders returns the names of a directory's folders, including links to folders, but
// without hidden ones.
func subfolders(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		isDir := e.IsDir()
		if e.Type()&os.ModeSymlink != 0 {
			info, err := os.Stat(filepath.Join(dir, e.Name()))
			isDir = err == nil && info.IsDir()
		}
		if isDir && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// classFolders returns the folders in which there are pictures, with their pictures.
func (t *gallery) classFolders(dir string, names []string) (list []folder, err error) {
	for _, name := range names {
		entries, err := os.ReadDir(filepath.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", message.Quote(name), message.Cause(err))
		}
		f := folder{name: name}
		for _, e := range entries {
			path := filepath.Join(dir, name, e.Name())
			switch {
			case isPicture(path, e, pictureExtensions):
				f.pictures = append(f.pictures, picture{path: path, folder: name, name: e.Name()})
			case isPicture(path, e, otherExtensions):
				t.others = append(t.others, path)
			}
		}
		if len(f.pictures) > 0 {
			list = append(list, f)
		}
	}
	return list, nil
}

// convert names the pictures of kinds that are not read, by the first, and what to do.
func (t *gallery) convert() string {
	if len(t.others) == 1 {
		return message.Quote(t.others[0]) + "; convert it to have it read"
	}
	return "such as " + message.Quote(t.others[0]) + "; convert them to have them read"
}

// isPicture reports whether an entry is a regular file with one of some extensions:
// opening a named pipe would wait forever.
func isPicture(path string, e os.DirEntry, extensions []string) bool {
	if strings.HasPrefix(e.Name(), ".") || !slices.Contains(extensions, strings.ToLower(filepath.Ext(e.Name()))) {
		return false
	}
	if e.Type()&os.ModeSymlink != 0 {
		info, err := os.Stat(path)
		return err != nil || info.Mode().IsRegular() // reading it reports what is wrong
	}
	return e.Type().IsRegular()
}

// name sets the classes: by the numbers that all folders are named by, or else in the
// order of their names.
func (t *gallery) name(folders []folder) error {
	var names []string
	numbers := true
	for _, f := range folders {
		names = append(names, f.name)
		_, err := strconv.ParseUint(f.name, 10, 32)
		numbers = numbers && err == nil
	}
	slices.SortFunc(names, func(a, b string) int {
		if numbers {
			x, _ := strconv.ParseUint(a, 10, 32)
			y, _ := strconv.ParseUint(b, 10, 32)
			return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
		}
		return cmp.Compare(a, b)
	})
	names = slices.Compact(names)
	t.classes = make([]Class, len(names))
	for i, name := range names {
		if r, ok := codePoint(name); ok {
			t.classes[i] = Character(r)
		} else if err := t.classes[i].UnmarshalText([]byte(name)); err != nil {
			return fmt.Errorf("the sub-folder %s gives its class a name that %w; rename it", message.Quote(name), err)
		}
	}
	t.folders = names
	return distinct(t.classes)
}

// label returns the pictures of folders with their labels.
func (t *gallery) label(folders []folder) (list []picture) {
	for _, f := range folders {
		label := slices.Index(t.folders, f.name)
		for _, p := range f.pictures {
			p.label = label
			list = append(list, p)
		}
	}
	return list
}
