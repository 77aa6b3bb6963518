package kmnist

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"glyph/internal/message"
)

// official is the four files of KMNIST as its authors publish them ("KMNIST
// Dataset", created by CODH, adapted from "Kuzushiji Dataset", created by NIJL
// and others, doi:10.20676/00000341, CC BY-SA 4.0), by role. The MD5 checksums are
// those that torchvision verifies and the SHA-256 checksums those of TensorFlow
// Datasets; a file must match both. For the two test files they were also computed
// from the files themselves.
var official = [roles]file{
	{trainImages + ".gz", "bdb82020997e1d708af4cf47b453dcf7", "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"},
	{trainLabels + ".gz", "e144d726b3acfaa3e44228e80efcd344", "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"},
	{testImages + ".gz", "5c965bf0a639b31b8f53240b1b52f4d7", "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"},
	{testLabels + ".gz", "7320c461ea6c1c855c0b718fb2a4b134", "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"},
}

// file is a published file with its checksums in hexadecimal.
type file struct{ name, md5, sha256 string }

// sums computes both checksums of what is written to it.
type sums struct{ md5, sha256 hash.Hash }

func newSums() sums { return sums{md5.New(), sha256.New()} }

func (s sums) Write(p []byte) (int, error) {
	s.md5.Write(p) // a hash never fails
	return s.sha256.Write(p)
}

// match fails if either checksum is not that of the published file.
func (s sums) match(f file) error {
	for _, c := range []struct {
		name, want string
		sum        hash.Hash
	}{{"SHA-256", f.sha256, s.sha256}, {"MD5", f.md5, s.md5}} {
		if got := hex.EncodeToString(c.sum.Sum(nil)); got != c.want {
			return fmt.Errorf("its %s checksum is %s, not the published %s", c.name, got, c.want)
		}
	}
	return nil
}

// sumFile computes the checksums of a file.
func sumFile(path string) (sums, error) {
	s := newSums()
	in, err := os.Open(path)
	if err != nil {
		return s, err
	}
	defer in.Close()
	_, err = io.Copy(s, in)
	return s, err
}

// Report is the state of a file: missing, damaged (Err says how), readable but not
// the published one, or the published one.
type Report struct {
	File        string // its name in the directory
	Official    bool   // its checksums are the published ones
	Missing     bool   // there is no such file; then Err is set too
	Err         error  // why it can't be used, or nil
	About       string // what it holds, such as "10,000 labels"
	MD5, SHA256 string // its checksums in hexadecimal, if it can be read
}

// Verify checks each of the four files of a data set, which it looks for as Load
// does: whether it is there, whether it can be read, and whether it is the one that
// KMNIST's authors published. It fails if the directory can't be read or holds
// several data sets.
func Verify(dir string) ([]Report, error) {
	l, err := locate(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.As(err, new(missing)):
		l = &location{dir: dir}
	case err != nil:
		return nil, fail(dir, err)
	}
	reports := make([]Report, len(official))
	for i, f := range official {
		reports[i] = verify(l.paths[i], f, role(i))
	}
	return reports, nil
}

func verify(paths []string, f file, r role) Report {
	if len(paths) == 0 {
		return Report{File: f.name, Missing: true, Err: missing(r)}
	}
	report := Report{File: filepath.Base(paths[0])}
	// First, because it refuses what is not a regular file.
	dims, _, err := readFile(paths[0], r.magic(), nil)
	if err == nil {
		report.About = message.Count(dims[0], strings.TrimSuffix(kindOf(r.magic()), "s"))
	}
	report.Err = err
	if info, err := os.Stat(paths[0]); err != nil || !info.Mode().IsRegular() {
		return report
	}
	s, err := sumFile(paths[0])
	if err != nil {
		report.Err = message.Cause(err)
		return report
	}
	report.MD5, report.SHA256 = hex.EncodeToString(s.md5.Sum(nil)), hex.EncodeToString(s.sha256.Sum(nil))
	differs := s.match(f)
	report.Official = differs == nil
	if report.Err != nil && differs != nil {
		report.Err = fmt.Errorf("%w (%w)", report.Err, differs)
	}
	return report
}
