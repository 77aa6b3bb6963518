package kmnist

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"glyph/internal/message"
)

// role is the purpose of one of the four files of a data set.
type role int

const (
	trainingImages role = iota
	trainingLabels
	testingImages
	testingLabels
	roles
)

// name returns the file name that MNIST and KMNIST use.
func (r role) name() string {
	return [roles]string{trainImages, trainLabels, testImages, testLabels}[r]
}

// magic returns the number that the file begins with.
func (r role) magic() uint32 {
	if r == trainingImages || r == testingImages {
		return magicImages
	}
	return magicLabels
}

// spelling matches the names that such files have after copying, unpacking and
// renaming: train-images-idx3-ubyte, train-images.idx3-ubyte, t10k or test, with or
// without .gz, and with the name of a data set in front, as in EMNIST; and the names of
// NumPy's files, such as k49-train-imgs.npz.
var spelling = regexp.MustCompile(`(?i)^(?:(.+)[-_. ])??(train|t10k|test)[-_. ](images|imgs|labels)(?:[-_. ]idx([134]))?(?:[-_. ]ubyte)?(?:\.(?:gz|npz|npy))?$`)

// parseName returns the role of a file with that name and the prefix of its data set.
func parseName(name string) (r role, prefix string, ok bool) {
	m := spelling.FindStringSubmatch(name)
	if m == nil {
		return 0, "", false
	}
	if !strings.EqualFold(m[2], "train") {
		r = testingImages
	}
	dimensions := "34" // 4 in colour
	if strings.EqualFold(m[3], "labels") {
		r, dimensions = r+1, "1"
	}
	return r, m[1], strings.Contains(dimensions, m[4])
}

// location is where the files of a data set are. A role can have no path, or several,
// such as the compressed and the uncompressed file.
type location struct {
	dir    string // that holds the files
	prefix string // in the files' names, such as emnist-letters
	paths  [roles][]string
}

// String returns the name by which Load finds this data set.
func (l *location) String() string { return filepath.Join(l.dir, l.prefix) }

// emnist reports whether the files are EMNIST's, whose images are transposed.
func (l *location) emnist() bool { return strings.HasPrefix(strings.ToLower(l.prefix), "emnist") }

// fashion reports whether the prefix, or the directory, or that above torchvision's
// raw, says that the files are Fashion-MNIST's.
func (l *location) fashion() bool {
	dir, err := filepath.Abs(l.dir)
	if err != nil {
		return false
	}
	names := []string{l.prefix, filepath.Base(dir)}
	if filepath.Base(dir) == "raw" {
		names = append(names, filepath.Base(filepath.Dir(dir)))
	}
	return slices.ContainsFunc(names, func(name string) bool { return strings.Contains(strings.ToLower(name), "fashion") })
}

func (l *location) complete() bool {
	return !slices.ContainsFunc(l.paths[:], func(p []string) bool { return len(p) == 0 })
}

// scan finds the data sets in a directory. A file may also be in a subdirectory of
// its own name, as some archives unpack.
func scan(dir string) ([]*location, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var found []*location
	add := func(r role, prefix, path string) {
		i := slices.IndexFunc(found, func(l *location) bool { return l.prefix == prefix })
		if i < 0 {
			found, i = append(found, &location{dir: dir, prefix: prefix}), len(found)
		}
		found[i].paths[r] = append(found[i].paths[r], path)
	}
	for _, e := range entries {
		r, prefix, ok := parseName(e.Name())
		if !ok {
			continue
		}
		path := filepath.Join(dir, e.Name())
		if info, err := os.Stat(path); err != nil || !info.IsDir() { // reading it reports what is wrong
			add(r, prefix, path)
			continue
		}
		inside, err := os.ReadDir(path)
		if err != nil {
			return nil, err
		}
		for _, e := range inside {
			if r2, _, ok := parseName(e.Name()); ok && r2 == r && !e.IsDir() {
				add(r, prefix, filepath.Join(path, e.Name()))
			}
		}
	}
	return found, nil
}

// maxFolders is how many entries of a directory are searched for data sets.
const maxFolders = 1000

// search finds the data sets in a directory or, if there are none, in its
// subdirectories and in their subdirectories raw, where torchvision keeps files.
func search(dir string) ([]*location, error) {
	found, err := scan(dir)
	if err != nil || len(found) > 0 {
		return found, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries[:min(maxFolders, len(entries))] {
		for _, folder := range []string{filepath.Join(dir, e.Name()), filepath.Join(dir, e.Name(), "raw")} {
			if some, err := scan(folder); err == nil { // an error: not a directory, or not readable
				found = append(found, some...)
			}
		}
	}
	return found, nil
}

// locate finds the data set that a directory holds, or, for a name such as
// gzip/emnist-letters, that with the prefix emnist-letters in the directory gzip. The
// data set may lack files. locate fails if there is no file of one, or if there are
// several data sets.
func locate(name string) (*location, error) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		dir, prefix := filepath.Split(filepath.Clean(name))
		some, scanErr := scan(filepath.Clean(dir + "."))
		if i := slices.IndexFunc(some, func(l *location) bool { return l.prefix == prefix }); scanErr == nil && i >= 0 {
			return some[i], nil
		}
		return nil, fmt.Errorf("%w; give a directory with %s.gz and the other three files", message.Cause(err), trainImages)
	}
	switch {
	case err != nil:
		return nil, message.Cause(err)
	case !info.IsDir():
		return nil, fmt.Errorf("is not a directory; give the one that holds %s.gz and the other three files", trainImages)
	}
	found, err := search(name)
	if err != nil {
		return nil, message.Cause(err)
	}
	complete := slices.DeleteFunc(slices.Clone(found), func(l *location) bool { return !l.complete() })
	switch {
	case len(found) == 0:
		return nil, missing(trainingImages)
	case len(complete) == 1:
		return complete[0], nil
	case len(found) == 1:
		return found[0], nil
	case len(complete) > 1:
		found = complete
	}
	return nil, fmt.Errorf("holds several data sets; give one of them: %s", listed(found))
}

// listed returns the names of the first few data sets.
func listed(found []*location) string {
	var names []string
	for _, l := range found {
		names = append(names, message.Quote(l.String()))
	}
	return message.First(names, 8)
}

// missing is the error of a directory without a file for a role.
type missing role

func (r missing) Error() string {
	var all []string
	for other := range roles {
		all = append(all, other.name())
	}
	return fmt.Sprintf("there is no %s, with .gz or without; give a directory with %s", role(r).name(), strings.Join(all, ", "))
}
