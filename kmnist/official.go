package kmnist

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"glyph/internal/message"
)

// official is the four files of KMNIST as its authors publish them ("KMNIST
// Dataset", created by CODH, adapted from "Kuzushiji Dataset", created by NIJL
// and others, doi:10.20676/00000341, CC BY-SA 4.0). Of the training images only
// the MD5 sum is known.
var official = []file{
	{name: trainImages + ".gz", magic: magicImages, md5: "bdb82020997e1d708af4cf47b453dcf7"},
	{name: trainLabels + ".gz", magic: magicLabels, md5: "e144d726b3acfaa3e44228e80efcd344", sha256: "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"},
	{name: testImages + ".gz", magic: magicImages, md5: "5c965bf0a639b31b8f53240b1b52f4d7", sha256: "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"},
	{name: testLabels + ".gz", magic: magicLabels, md5: "7320c461ea6c1c855c0b718fb2a4b134", sha256: "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"},
}

// file is a published file with its sums in hexadecimal; an empty one is not
// known.
type file struct {
	name        string
	magic       uint32
	md5, sha256 string
}

// sums computes both sums of what is written to it.
type sums struct{ md5, sha256 hash.Hash }

func newSums() sums { return sums{md5.New(), sha256.New()} }

func (s sums) Write(p []byte) (int, error) {
	s.md5.Write(p) // a hash takes everything
	return s.sha256.Write(p)
}

// match tells how what was written differs from the file, by every sum known.
func (s sums) match(f file) error {
	for _, c := range []struct {
		name, want string
		sum        hash.Hash
	}{{"SHA-256", f.sha256, s.sha256}, {"MD5", f.md5, s.md5}} {
		if got := hex.EncodeToString(c.sum.Sum(nil)); c.want != "" && got != c.want {
			return fmt.Errorf("its %s sum is %s and not the published %s", c.name, got, c.want)
		}
	}
	return nil
}

// sumFile sums a file of the disk.
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

// Report is what Verify found of a file: missing, damaged (Err says how), whole
// but another than the published one, or the published one.
type Report struct {
	File        string // its name, as it stands in the directory
	Official    bool   // it has the published sums
	Missing     bool   // there is no such file; Err is then set too
	Err         error  // why it can't be used, with how its sum differs; or nil
	About       string // what it holds, such as "10000 labels"
	MD5, SHA256 string // its sums in hexadecimal, where it can be read
}

// Verify looks at each of the four files of a directory: whether it is there,
// whether it can be read strictly, and whether it is the published one.
func Verify(dir string) []Report {
	reports := make([]Report, len(official))
	for i, f := range official {
		reports[i] = verify(dir, f)
	}
	return reports
}

func verify(dir string, f file) Report {
	path, err := find(dir, f.name[:len(f.name)-len(".gz")])
	if err != nil {
		return Report{File: f.name, Missing: errors.As(err, new(missing)), Err: err}
	}
	r := Report{File: filepath.Base(path)}
	// Reading comes first: it refuses what is not a regular file.
	dims, _, err := readFile(path, f.magic)
	if err == nil {
		r.About = fmt.Sprintf("%d %s", dims[0], kindOf(f.magic))
	}
	r.Err = err
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return r
	}
	s, err := sumFile(path)
	if err != nil {
		r.Err = message.Cause(err)
		return r
	}
	r.MD5, r.SHA256 = hex.EncodeToString(s.md5.Sum(nil)), hex.EncodeToString(s.sha256.Sum(nil))
	differs := s.match(f)
	r.Official = differs == nil
	if r.Err != nil && differs != nil {
		r.Err = fmt.Errorf("%w (%w)", r.Err, differs)
	}
	return r
}
