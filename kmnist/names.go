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

// Limits of a file of class names. A label is a byte.
const (
	maxClasses   = 256
	maxNamesFile = 64 << 10
)

// namesFiles is what a file of class names beside the images may be called.
var namesFiles = [...]string{"classes.txt", "class_names.txt", "labels.txt"}

// mappingSuffix is the end of EMNIST's file names: emnist-letters-mapping.txt
// tells the characters of emnist-letters.
const mappingSuffix = "mapping.txt"

// ReadClasses reads the names of classes, a line each, from label 0 on:
//
//	T-shirt/top
//	お<tab>o
//
// The second line is a character with its name in Latin letters, see
// Class.MarshalText. In a file of EMNIST's, whose name ends in mapping.txt, a line
// is a label and the code of its character. ReadClasses fails for a name that
// Class.UnmarshalText refuses, for the same name twice, and for more than 256.
func ReadClasses(path string) ([]Class, error) {
	classes, err := readClasses(path)
	if err != nil {
		return nil, fail(path, err)
	}
	return classes, nil
}

func readClasses(path string) ([]Class, error) {
	info, err := os.Stat(path) // before Open, which would wait for a pipe's writer
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
	return parseClasses(text)
}

// textLines is the lines of a text without the empty ones at its end.
func textLines(text []byte) [][]byte {
	text = bytes.TrimRight(bytes.TrimPrefix(text, []byte("\ufeff")), " \t\r\n")
	if len(text) == 0 {
		return nil
	}
	return bytes.Split(text, []byte("\n"))
}

// parseClasses reads a name from each line.
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

// parseMapping reads EMNIST's lines: a label, the code of its character, and
// codes of characters that are counted to the same class.
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

// distinct tells which two classes have the same name, and that there are none.
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

// namesBeside is the file of class names that belongs to a data set, or "". It
// fails where there are several.
func (l *location) namesBeside(given string) (string, error) {
	names := namesFiles[:]
	if l.prefix != "" {
		names = append(names[:len(names):len(names)], l.prefix+"-"+mappingSuffix)
	}
	dirs := []string{l.dir}
	if given != l.dir {
		dirs = append(dirs, given) // the set lies in a folder of the directory that was given
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

// isLabelList tells whether a labels.txt is what other software calls so: the
// label of each image. It has more lines than there can be classes.
func isLabelList(path, name string) bool {
	if name != "labels.txt" {
		return false
	}
	text, err := os.ReadFile(path)
	return err == nil && len(textLines(text)) > maxClasses
}
