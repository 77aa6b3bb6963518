package kmnist

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"glyph/internal/filetype"
	"glyph/internal/message"
)

// CacheDir returns the directory for downloads: kmnist in the directory that the
// environment variable GLYPH_CACHE names, by default glyph in the user's cache
// directory. GLYPH_CACHE=off turns off the cache of GPU programs and changes nothing
// here.
func CacheDir() (string, error) {
	base := os.Getenv("GLYPH_CACHE")
	if base == "" || base == "off" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("no directory for downloads: %w; set GLYPH_CACHE to one", err)
		}
		base = filepath.Join(cache, "glyph")
	}
	return filepath.Join(base, "kmnist"), nil
}

// Cached reports whether a directory holds the four published files, by their
// checksums.
func Cached(dir string) bool { return verifyCache(dir, official[:]) == nil }

// errNotCached means that a published file is not in the cache.
var errNotCached = errors.New("is not cached")

// verifyCache returns why a directory is not a complete cache of the files.
func verifyCache(dir string, files []file) error {
	for _, f := range files {
		err := verifyFile(filepath.Join(dir, f.name), f)
		if errors.Is(err, fs.ErrNotExist) {
			return errNotCached
		}
		if err != nil {
			return fmt.Errorf("is damaged in the cache: %s: %w", f.name, message.Cause(err))
		}
	}
	return nil
}

// verifyFile returns how a file differs from the published one.
func verifyFile(path string, f file) error {
	s, err := sumFile(path)
	if err != nil {
		return err
	}
	return s.match(f)
}

// store writes what it reads to a temporary file beside path and renames that to
// path if it is the published file, so that no process ever sees a part of one, even
// after a power failure. An error of in is an interruption.
func store(path string, f file, in io.Reader, limit int64) (err error) {
	out, err := os.CreateTemp(filepath.Dir(path), leftoverPattern)
	if err != nil {
		return final{unwritable{message.Cause(err)}}
	}
	defer func() {
		if err != nil {
			out.Close()           //nolint:errcheck // the first error counts
			os.Remove(out.Name()) //nolint:errcheck // else removed as a leftover later
		}
	}()
	s := newSums()
	var first head
	n, err := io.Copy(io.MultiWriter(out, s, &first), io.LimitReader(in, limit+1))
	switch {
	case errors.As(err, new(*fs.PathError)): // of writing: the disk is full
		return final{unwritable{message.Cause(err)}}
	case err != nil:
		return interruption{err}
	case n > limit:
		return final{tooLarge(limit)}
	}
	if err := s.match(f); err != nil {
		return fmt.Errorf("what the server sent is not KMNIST%s: %w", filetype.Hint(first), err)
	}
	if err := errors.Join(out.Chmod(0o644), out.Sync(), out.Close()); err != nil {
		return final{unwritable{message.Cause(err)}}
	}
	if err := os.Rename(out.Name(), path); err != nil {
		return final{unwritable{message.Cause(err)}}
	}
	syncDir(filepath.Dir(path))
	return nil
}

// head keeps the first bytes that are written to it.
type head []byte

func (h *head) Write(p []byte) (int, error) {
	*h = append(*h, p[:min(len(p), filetype.Peek-len(*h))]...)
	return len(p), nil
}

// syncDir makes a rename survive a power failure, on systems that can sync a
// directory.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		d.Sync()  //nolint:errcheck // see above
		d.Close() //nolint:errcheck // opened for reading
	}
}

// leftoverPattern names temporary files, and leftoverName matches what
// os.CreateTemp makes of it. A process that is killed leaves one behind; after a day
// no process is still writing it. A file with any other name is not ours.
const leftoverPattern = ".download-*"

var leftoverName = regexp.MustCompile(`^\.download-[0-9]+$`)

func removeLeftovers(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // Fetch will report it
	}
	for _, e := range entries {
		if !leftoverName.MatchString(e.Name()) {
			continue
		}
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > 24*time.Hour {
			os.Remove(filepath.Join(dir, e.Name())) //nolint:errcheck // it only wastes space
		}
	}
}
