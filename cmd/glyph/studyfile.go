package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"glyph/internal/message"
	"glyph/study"
	"glyph/study/file"
)

// isFile reports whether an argument names a file and not an experiment.
func isFile(arg string) bool { return strings.HasSuffix(strings.ToLower(arg), ".toml") }

// readFile reads a file of at most the size that package file takes. Its error says what
// another kind of file is.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path) // before Open, which would wait for a pipe's writer
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", message.Quote(path))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", message.Quote(path), message.Cause(err))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", message.Quote(path), message.Cause(err))
	}
	defer f.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(f, file.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", message.Quote(path), message.Cause(err))
	}
	return text, nil
}

// chooseExperiments lists the experiments that arguments name: built-in ones, and files.
// Without arguments it is all built-in ones.
func chooseExperiments(args []string) (chosen []study.Experiment, err error) {
	var names []string
	for _, arg := range args {
		if !isFile(arg) {
			names = append(names, arg)
		}
	}
	if len(names) > 0 || len(args) == 0 {
		if chosen, err = study.Select(study.Experiments(), names); err != nil {
			return nil, err
		}
	}
	for _, path := range args {
		if !isFile(path) {
			continue
		}
		text, err := readFile(path)
		if err != nil {
			return nil, err
		}
		e, err := file.Experiment(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", message.Quote(path), err)
		}
		if slices.ContainsFunc(chosen, func(other study.Experiment) bool { return other.Name == e.Name }) {
			return nil, fmt.Errorf("%s: another file has an experiment %s too", message.Quote(path), e.Name)
		}
		chosen = append(chosen, e)
	}
	return chosen, nil
}

// knownExperiments lists the built-in experiments and those kept with results.
func knownExperiments(c study.Contents) ([]study.Experiment, error) {
	all := study.Experiments()
	for _, d := range c.Definitions {
		e, err := file.Experiment([]byte(d.Text))
		if err != nil {
			return nil, fmt.Errorf("the experiment %s, as it was kept with its results: %w", message.Quote(d.Name), err)
		}
		all = append(all, e)
	}
	return all, nil
}
