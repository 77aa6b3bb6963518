package filetype_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glyph/internal/filetype"
)

// zipOf is an archive whose first file has this name.
func zipOf(t testing.TB, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("data")); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encoded(t testing.TB, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDescribe(t *testing.T) {
	dot := image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Black, color.White})
	gz := encoded(t, func(b *bytes.Buffer) error {
		w := gzip.NewWriter(b)
		w.Write([]byte("text")) //nolint:errcheck // into memory
		return w.Close()
	})
	safe := append(binary.LittleEndian.AppendUint64(nil, 2), "{}      "...)
	for _, c := range []struct {
		name  string
		first []byte
		want  string
	}{
		{"nothing", nil, "an empty file"},
		{"spaces", []byte(" \n"), "a blank file"},
		{"zeros", make([]byte, 100), "a file of zeros"},
		{"png", encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, dot) }), "a PNG picture"},
		{"jpeg", encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, dot, nil) }), "a JPEG picture"},
		{"gif", encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, dot, nil) }), "a GIF picture"},
		{"webp", []byte("RIFF\x10\x00\x00\x00WEBPVP8 "), "a WebP picture"},
		{"heic", []byte("\x00\x00\x00\x18ftypheic"), "a HEIC picture"},
		{"gzip", gz, filetype.Gzip},
		{"zip", zipOf(t, "train/1.png"), "a zip archive"},
		{"empty zip", zipOf(t), "an empty zip archive"},
		{"torch", zipOf(t, "archive/data.pkl", "archive/data/0"), filetype.PyTorch},
		{"torch of today", zipOf(t, "model/data.pkl", "model/.format_version"), filetype.PyTorch},
		{"old torch", []byte("\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03."), filetype.PyTorch},
		{"pickle", []byte("\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00}."), "a Python pickle"},
		{"npz", zipOf(t, "arr_0.npy"), "a NumPy archive (.npz)"},
		{"npy", []byte("\x93NUMPY\x01\x00"), "a NumPy array (.npy)"},
		{"keras", zipOf(t, "metadata.json", "model.weights.h5"), "a Keras model (.keras)"},
		{"hdf5", []byte("\x89HDF\r\n\x1a\n\x00"), "an HDF5 file, as Keras writes (.h5)"},
		{"onnx", []byte("\x08\x07\x12\x07pytorch\x1a\x012:\x10\x0a\x00"), filetype.ONNX},
		{"onnx without a producer", []byte("\x08\x07\x3a\x90\x01\x0a\x10\x0a\x01x"), filetype.ONNX},
		{"html", []byte("\n<!DOCTYPE html>\n<html><title>404</title>"), filetype.HTML},
		{"html in capitals", []byte("<HTML><HEAD>"), filetype.HTML},
		{"html after a comment", []byte("<!-- x --><html lang=en>"), filetype.HTML},
		{"xml", []byte("<?xml version=\"1.0\"?><Error><Code>AccessDenied"), "an XML document"},
		{"svg", []byte("<svg xmlns='http://www.w3.org/2000/svg'>"), "an SVG drawing"},
		{"json", []byte("{\"a\": [1, 2.5, true]}"), "JSON"},
		{"json cut short", []byte(`[{"a": 1}, {"b`), "JSON"},
		{"toml", []byte("# a config\nepochs = 3\n"), "TOML"},
		{"a table", []byte("[train]\nx = 1"), "TOML"},
		{"a table array", []byte("[[train]]"), "TOML"},
		{"prose", []byte("Sum = what comes out.\n"), "plain text"},
		{"text", []byte("こころ\tand more\r\n"), "plain text"},
		{"a BOM", []byte("\xef\xbb\xbfhello"), "plain text"},
		{"utf-16", []byte("\xff\xfeh\x00i\x00"), "text in UTF-16"},
		{"a long text cut in a character", []byte(strings.Repeat("お", 2000)), "plain text"},
		{"a script", []byte("#!/bin/sh\n"), "a script"},
		{"elf", []byte("\x7fELF\x02\x01\x01"), "a Linux program or library (ELF)"},
		{"images", []byte{0, 0, 8, 3, 0, 0, 0xea, 0x60, 0, 0, 0, 28, 0, 0, 0, 28, 1}, "an IDX file of 60000×28×28 bytes"},
		{"labels", []byte{0, 0, 8, 1, 0, 0, 0x27, 0x10, 1}, "an IDX file of 10000 bytes"},
		{"safetensors", safe, filetype.Safetensors},
		{"lfs", []byte("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"), filetype.LFS},
		{"tar", append(make([]byte, 257), "ustar\x00"...), "a tar archive"},
		{"noise", []byte("\x9c\x13\xf0\xee\x01\x02"), ""},
	} {
		if got := filetype.Describe(c.first); got != c.want {
			t.Errorf("%s is described as %q, want %q", c.name, got, c.want)
		}
	}
}

func TestHint(t *testing.T) {
	if got := filetype.Hint([]byte("<html>")); got != " (it looks like an HTML page, such as a failed download leaves)" {
		t.Errorf("%q", got)
	}
	if got := filetype.Hint([]byte{0xff, 1, 2}); got != "" {
		t.Errorf("noise is described as %q", got)
	}
	if got := filetype.Hint([]byte("a = 1"), filetype.Text, filetype.TOML); got != "" {
		t.Errorf("what was expected is described as %q", got)
	}
	for first, want := range map[string]string{
		"": "is empty, and not a safetensors file", "\xff\x01\x02": "is not a safetensors file",
		"GIF89a": "is not a safetensors file: it looks like a GIF picture",
	} {
		if got := filetype.Mismatch(filetype.Safetensors, []byte(first)); got != want {
			t.Errorf("%q: %q, want %q", first, got, want)
		}
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "page")
	if err := os.WriteFile(path, []byte("<html>"+strings.Repeat("x", 2*filetype.Peek)), 0o666); err != nil {
		t.Fatal(err)
	}
	for of, want := range map[string]string{path: filetype.HTML, dir: "", filepath.Join(dir, "none"): ""} {
		if got := filetype.OfFile(of); got != want {
			t.Errorf("%s: %q, want %q", of, got, want)
		}
	}
	if got := filetype.HintOfFile(path); got != filetype.Hint([]byte("<html>")) {
		t.Errorf("%q", got)
	}
}

// FuzzDescribe never panics and describes in one short line of its own words.
func FuzzDescribe(f *testing.F) {
	for _, names := range [][]string{{"a"}, {"archive/data.pkl"}, nil} {
		f.Add(zipOf(f, names...))
	}
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("\x08\x07\x12\x7f"))
	f.Add([]byte{0, 0, 8, 3})
	f.Add([]byte("[[[[[[["))
	f.Add([]byte("\xef\xbb\xbf"))
	f.Fuzz(func(t *testing.T, first []byte) {
		if got := filetype.Describe(first); len(got) > 150 || strings.ContainsAny(got, "\n\r\x1b") {
			t.Errorf("described as %q", got)
		}
	})
}
