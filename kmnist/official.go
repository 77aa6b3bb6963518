package kmnist

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// official is the four files of KMNIST as its authors publish them ("KMNIST
// Dataset", created by CODH, adapted from "Kuzushiji Dataset", created by NIJL
// and others, doi:10.20676/00000341, CC BY-SA 4.0). Of the training images only
// the MD5 sum is published in a second place, so that is what is known of them.
var official = []file{
	{name: trainImages + ".gz", md5: "bdb82020997e1d708af4cf47b453dcf7"},
	{name: trainLabels + ".gz", md5: "e144d726b3acfaa3e44228e80efcd344", sha256: "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"},
	{name: testImages + ".gz", md5: "5c965bf0a639b31b8f53240b1b52f4d7", sha256: "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"},
	{name: testLabels + ".gz", md5: "7320c461ea6c1c855c0b718fb2a4b134", sha256: "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"},
}

// file is a published file with its sums in hexadecimal; an empty one is not
// known.
type file struct{ name, md5, sha256 string }

// sums computes both sums of what passes through it.
type sums struct {
	md5, sha256 interface {
		io.Writer
		Sum([]byte) []byte
	}
}

func newSums() sums { return sums{md5.New(), sha256.New()} }

func (s sums) Write(p []byte) (int, error) {
	s.md5.Write(p) //nolint:errcheck // a hash takes everything
	return s.sha256.Write(p)
}

// match tells how what passed differs from the file.
func (s sums) match(f file) error {
	for _, c := range []struct {
		name, want string
		got        []byte
	}{{"SHA-256", f.sha256, s.sha256.Sum(nil)}, {"MD5", f.md5, s.md5.Sum(nil)}} {
		if got := hex.EncodeToString(c.got); c.want != "" && got != c.want {
			return fmt.Errorf("its %s sum is %s and not %s", c.name, got, c.want)
		}
	}
	return nil
}

// Report is what Verify found of a file.
type Report struct {
	File     string
	Official bool  // it has the published sums
	Missing  bool  // there is no such file
	Err      error // why it can't be read, or nil
	About    string
}

// Verify looks at each of the four files of a directory: whether it is there,
// whether it is the published one, and whether it can be read.
func Verify(dir string) []Report {
	var reports []Report
	for _, f := range official {
		r := Report{File: f.name}
		path, err := find(dir, f.name[:len(f.name)-len(".gz")])
		if err != nil {
			r.Missing, r.Err = true, err
			reports = append(reports, r)
			continue
		}
		r.File = filepath.Base(path)
		r.Official = verifyFile(path, f) == nil
		magic := uint32(magicLabels)
		if f.name[:len(trainImages)] == trainImages || f.name[:len(testImages)] == testImages {
			magic = magicImages
		}
		dims, _, err := readFile(path, magic)
		r.Err = err
		if err == nil {
			r.About = fmt.Sprintf("%d %s", dims[0], kindOf(magic))
		}
		reports = append(reports, r)
	}
	return reports
}

// verifyFile tells how a file differs from the published one.
func verifyFile(path string, f file) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	s := newSums()
	if _, err := io.Copy(s, in); err != nil {
		return err
	}
	return s.match(f)
}

// errNotCached is that some published file is not in the cache.
var errNotCached = errors.New("KMNIST is not in the cache")

// verifyCache tells why a directory is not a whole cache of the published
// files.
func verifyCache(dir string) error {
	for _, f := range official {
		err := verifyFile(filepath.Join(dir, f.name), f)
		if errors.Is(err, os.ErrNotExist) {
			return errNotCached
		}
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Join(dir, f.name), cause(err))
		}
	}
	return nil
}
