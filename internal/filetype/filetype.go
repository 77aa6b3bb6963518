// Package filetype guesses from its first bytes what a file is, for the error
// message of a reader that was given the wrong kind: an HTML page left by a failed
// download, or a PyTorch checkpoint in place of safetensors.
package filetype

import (
	"io"
	"os"
	"slices"
)

// Peek is how many of a file's first bytes Describe looks at.
const Peek = 4096

// The descriptions that readers act on.
const (
	Empty       = "an empty file"
	Gzip        = "a gzip file"
	HTML        = "an HTML page, such as a failed download leaves"
	LFS         = "a Git LFS pointer, not the file it stands for (git lfs pull fetches that)"
	JSON        = "JSON"
	ONNX        = "an ONNX model"
	PyTorch     = "a PyTorch checkpoint written by torch.save"
	Safetensors = "a safetensors file"
	Text        = "plain text"
	TOML        = "TOML"
)

// Describe is what a file with these first bytes looks like, with an article, to
// follow "it looks like": "a zip archive". It is "" where that can't be told.
// What it says is a guess for a message and never a reason to trust a file.
func Describe(first []byte) string {
	if len(first) == 0 {
		return Empty
	}
	first = first[:min(len(first), Peek)]
	for _, look := range []func([]byte) string{signature, structure, text} {
		if what := look(first); what != "" {
			return what
		}
	}
	return ""
}

// Hint is Describe as the end of a message, " (it looks like a zip archive)", or
// "" where that says nothing. So it does of a file that looks like what was
// expected.
func Hint(first []byte, expected ...string) string {
	what := Describe(first)
	if what == "" || slices.Contains(expected, what) {
		return ""
	}
	return " (it looks like " + what + ")"
}

// Mismatch is what to say of a file, after its name, that was read as something
// else: "is not a weights file: it looks like a PNG picture". want comes with its
// article.
func Mismatch(want string, first []byte) string {
	switch what := Describe(first); what {
	case "":
		return "is not " + want
	case Empty:
		return "is empty, and not " + want
	default:
		return "is not " + want + ": it looks like " + what
	}
}

// OfFile is Describe for a file by its path: "" where it is not a regular file or
// can't be read.
func OfFile(path string) string { return Describe(peek(path)) }

// HintOfFile is Hint for a file by its path.
func HintOfFile(path string, expected ...string) string { return Hint(peek(path), expected...) }

// peek is a file's first bytes: of one that can't be read, bytes that look like
// nothing.
func peek(path string) []byte {
	nothing := []byte{0xff}
	info, err := os.Stat(path) // before Open, which would wait for a pipe's writer
	if err != nil || !info.Mode().IsRegular() {
		return nothing
	}
	f, err := os.Open(path)
	if err != nil {
		return nothing
	}
	defer f.Close()
	first, err := io.ReadAll(io.LimitReader(f, Peek))
	if err != nil {
		return nothing
	}
	return first
}
