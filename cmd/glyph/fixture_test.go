package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// trained is a run of tinyTrain on tinyData, which the tests that need some run
// share.
var trained struct {
	once      sync.Once
	data, run string
	err       error
}

// trainedRun is a run of the test's own, and the data it was trained on: a copy of
// one that is trained once for all tests.
func trainedRun(t *testing.T) (data, run string) {
	t.Helper()
	trained.once.Do(func() {
		root, err := os.MkdirTemp("", "glyph-trained-")
		if err != nil {
			trained.err = err
			return
		}
		trained.data, trained.run = filepath.Join(root, "data"), filepath.Join(root, "run")
		if trained.err = os.CopyFS(trained.data, os.DirFS(tinyData(t))); trained.err != nil {
			return
		}
		if _, errOut, status := runGlyph(t, tinyTrain(trained.data, trained.run)...); status != 0 {
			trained.err = fmt.Errorf("status %d: %s", status, errOut)
		}
	})
	if trained.err != nil {
		t.Fatal(trained.err)
	}
	run = filepath.Join(t.TempDir(), "run")
	if err := os.CopyFS(run, os.DirFS(trained.run)); err != nil {
		t.Fatal(err)
	}
	return trained.data, run
}

// removeTrained removes what trainedRun shares.
func removeTrained() {
	if trained.run != "" {
		os.RemoveAll(filepath.Dir(trained.run)) //nolint:errcheck // in the system's temporary directory
	}
}
