package kmnist

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"glyph/internal/filetype"
	"glyph/internal/message"
)

// Limits of a file of class names. Labels are bytes.
const (
	maxClasses   = 256
	maxNamesFile = 64 << 10
)

// namesFiles are the names of files of class names that are looked for beside the
// images.
var namesFiles = [...]string{"classes.txt", "class_names.txt", "labels.txt"}

// mappingSuffix ends the names of EMNIST's files of characters, such as
// emnist-letters-mapping.txt.
const mappingSuffix = "mapping.txt"

// ReadClasses reads the names of classes, one on each line, starting with label 0:
//
//	T-shirt/top
//	お<tab>o
//
// The second line is a character and its name in Latin letters; see
// Class.MarshalText. In a file whose name ends in mapping.txt, as EMNIST's do, each
// line has a label and the code point of its character; in one that ends in
// classmap.csv, as CODH's do, a label and a code point such as U+3042. ReadClasses fails for a name
// that Class.UnmarshalText refuses, for a name that is there twice, for more than 256
// names and for none.
func ReadClasses(path string) ([]Class, error) {
	classes, err := readClasses(path)
	if err != nil {
		return nil, fail(path, err)
	}
	return classes, nil
}

func readClasses(path string) ([]Class, error) {
	info, err := os.Stat(path) // before Open, which would block on a named pipe
	if err != nil {
		return nil, message.Cause(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is not a regular file; give a text file with the name of a class on each line")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, message.Cause(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxNamesFile+1))
	switch {
	case err != nil:
		return nil, message.Cause(err)
	case len(text) > maxNamesFile:
		return nil, fmt.Errorf("has more than %d bytes, too much for the names of classes%s", maxNamesFile, filetype.Hint(text))
	case bytes.IndexByte(text, 0) >= 0:
		return nil, fmt.Errorf("is not a text file%s; give one with the name of a class on each line", filetype.Hint(text))
	}
	if strings.HasSuffix(filepath.Base(path), mappingSuffix) {
		return parseMapping(text)
	}
	if strings.HasSuffix(filepath.Base(path), classmapSuffix) {
		return parseClassmap(text)
	}
	return parseClasses(text)
}

// textLines splits a text into lines, without the empty ones at its end.
func textLines(text []byte) [][]byte {
	text = bytes.TrimRight(bytes.TrimPrefix(text, []byte("\ufeff")), " \t\r\n")
	if len(text) == 0 {
		return nil
	}
	return bytes.Split(text, []byte("\n"))
}

// parseClasses parses a name on each line.
func parseClasses(text []byte) ([]Class, error) {
	lines := textLines(text)
	if len(lines) > maxClasses {
		return nil, fmt.Errorf("has %d lines, and there can be %d classes; give a file with the name of a class on each line", len(lines), maxClasses)
	}
	classes := make([]Class, len(lines))
	for i, line := range lines {
		if err := classes[i].UnmarshalText(line); err != nil {
			return nil, fmt.Errorf("line %d %w; give the name of a class on each line", i+1, err)
		}
	}
	return classes, distinct(classes)
}

// parseMapping parses the lines of EMNIST's files: a label, the code point of its
// character, and those of other characters in the same class.
func parseMapping(text []byte) ([]Class, error) {
	classes := make([]Class, 0, maxClasses)
	for i, line := range textLines(text) {
		fields := strings.Fields(string(line))
		var numbers [2]int
		for k := range numbers {
			var err error
			if len(fields) < 2 {
				err = strconv.ErrSyntax
			} else {
				numbers[k], err = strconv.Atoi(fields[k])
			}
			if limit := [2]int{maxClasses - 1, 0x10ffff}[k]; err != nil || numbers[k] < 0 || numbers[k] > limit {
				return nil, fmt.Errorf("line %d is not a label from 0 to %d and the code of a character, as in EMNIST's files", i+1, maxClasses-1)
			}
		}
		label := numbers[0]
		for len(classes) <= label {
			classes = append(classes, Numbered(len(classes) + 1)[len(classes)])
		}
		if err := classes[label].UnmarshalText([]byte(string(rune(numbers[1])))); err != nil {
			return nil, fmt.Errorf("line %d: character %d %w", i+1, numbers[1], err)
		}
	}
	return classes, distinct(classes)
}

// distinct fails if two classes have the same name, or if there are none.
func distinct(classes []Class) error {
	if len(classes) == 0 {
		return errors.New("is empty; give the name of a class on each line")
	}
	first := map[string]int{}
	for i, c := range classes {
		if j, found := first[c.Name]; found {
			return fmt.Errorf("has the name %s for class %d and for class %d; give each its own", c.Name, j, i)
		}
		first[c.Name] = i
	}
	return nil
}

// namesBeside returns the path of the file of class names beside a data set, or ""
// if there is none. It fails if there are several. given is the directory that was
// searched.
func (l *location) namesBeside(given string) (string, error) {
	names := namesFiles[:]
	if l.prefix != "" {
		names = append(names[:len(names):len(names)], l.prefix+"-"+mappingSuffix, l.prefix+"_"+classmapSuffix)
	}
	dirs := []string{l.dir}
	if given != l.dir {
		dirs = append(dirs, given) // the files are in a subdirectory of it
	}
	var found []string
	for _, dir := range dirs {
		for _, name := range names {
			path := filepath.Join(dir, name)
			info, err := os.Stat(path)
			if err == nil && info.Mode().IsRegular() && info.Size() <= maxNamesFile && !isLabelList(path, name) {
				found = append(found, path)
			}
		}
	}
	if len(found) > 1 {
		return "", fmt.Errorf("%s and %s both name the classes; choose one with --classes", message.Quote(found[0]), message.Quote(found[1]))
	}
	return strings.Join(found, ""), nil
}

// isLabelList reports whether a labels.txt is not a list of classes but has the label
// of each image, which is also common: it has more lines than there can be classes.
func isLabelList(path, name string) bool {
	if name != "labels.txt" {
		return false
	}
	text, err := os.ReadFile(path)
	return err == nil && len(textLines(text)) > maxClasses
}
