package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"glyph/runs"
)

// newRunName is a name for a run of now.
func newRunName(model string) string {
	return filepath.Join("runs", time.Now().Format("20060102-150405-")+model)
}

// takeRun makes the directory, takes it for this process and reads what is to
// go on. A run that is there is never replaced.
func takeRun(dir string, resume bool) (r *liveRun, note string, err error) {
	r = &liveRun{dir: dir, bestLoss: math.Inf(1)}
	if !resume {
		if err := writable(dir); err != nil {
			return nil, "", err
		}
	}
	if r.release, err = runs.Lock(dir); err != nil {
		return nil, "", err
	}
	if err := runs.Sweep(dir); err != nil {
		r.release()
		return nil, "", err
	}
	var damaged error
	if r.from, damaged, err = runs.ReadCheckpoint(dir); damaged != nil {
		note = fmt.Sprintf("warning: %v; resuming from the one before, of epoch %d", damaged, r.from.State.Epoch+1)
	}
	why, failed, unread := runs.ReadFailure(dir)
	config := filepath.Join(dir, runs.ConfigFile)
	switch {
	case unread != nil:
		err = unread
	case errors.Is(err, fs.ErrNotExist) && !resume:
		return r, "", nil
	case resume && failed:
		err = fmt.Errorf("--resume %s: that run failed and would again (%s); train another with: glyph train --config %s --lr RATE", dir, why, config)
	case errors.Is(err, fs.ErrNotExist):
		err = fmt.Errorf("--resume %s: there is no checkpoint in it to go on from", dir)
	case err == nil && resume && r.from.State.Done && summarised(dir):
		err = fmt.Errorf("--resume %s: that run is finished; train another with: glyph train --config %s --epochs N", dir, config)
	case !resume && (failed || err == nil && r.from.State.Done):
		err = fmt.Errorf("--out %s holds a run already; choose another directory, or remove it", dir)
	case !resume:
		err = fmt.Errorf("--out %s holds a run that is not finished; go on with: glyph train --resume %s, or choose another directory", dir, dir)
	}
	if err != nil {
		r.release()
		return nil, "", err
	}
	return r, note, nil
}

// summarised reports whether a run has its summary, which is written last.
func summarised(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, runs.SummaryFile))
	return err == nil
}
