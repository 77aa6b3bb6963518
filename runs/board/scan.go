package board

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"glyph/internal/message"
	"glyph/runs"
)

// trashDir and marksFile are what the page adds to the runs' directory.
const (
	trashDir  = ".trash"
	marksFile = "board.json"
	lockFile  = ".board.lock"
)

// stamp is how a file's change is noticed.
type stamp struct {
	size int64
	time time.Time
}

func stampOf(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{size: -1}
	}
	return stamp{info.Size(), info.ModTime()}
}

// look is the state of the files that a row is made from.
type look struct {
	config, metrics, summary, failure, report, last, best stamp
	busy                                                  bool
}

func lookAt(dir string) look {
	at := func(name string) stamp { return stampOf(filepath.Join(dir, name)) }
	return look{
		at(runs.ConfigFile), at("metrics.jsonl"), at(runs.SummaryFile), at(runs.FailureFile),
		at(runs.ReportFile), at(runs.LastFile), at(runs.BestFile), runs.Busy(dir),
	}
}

// entry is a run as it was last read. row and curves are nil for what is no run.
type entry struct {
	seen   look
	row    *Row
	curves *Curves
}

// read reads a run. The error is one line; what is no run is none.
func read(dir string, seen look) (*entry, error) {
	e := &entry{seen: seen}
	p, err := runs.Follow(dir).Look()
	if errors.Is(err, runs.ErrNoRun) {
		return e, nil
	}
	if err == nil && !utf8.ValidString(filepath.Base(dir)) { // the page could not ask for it
		err = fmt.Errorf("%s: the name of this run is not UTF-8; rename it", message.Quote(dir))
	}
	if err != nil {
		return e, err
	}
	row := rowOf(p, p.Results)
	row.Weights = seen.last.size >= 0 || seen.best.size >= 0
	row.Report = seen.report.size >= 0
	batch, _ := strconv.Atoi(row.Config["batch"])
	e.row, e.curves = &row, curvesOf(p.Lines, p.Results, batch)
	return e, nil
}

// scan reads what has changed. Rows appear as they are read.
func (b *Board) scan() {
	b.scanning.Lock()
	defer b.scanning.Unlock()
	b.readMarks()
	list, err := os.ReadDir(b.opt.Root)
	b.setError("", err)
	names := make(chan string)
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			for name := range names {
				b.update(name)
			}
		})
	}
	there := map[string]bool{}
	for _, e := range list {
		if e.IsDir() && e.Name() != trashDir {
			there[e.Name()] = true
			names <- e.Name()
		}
	}
	close(names)
	done.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, e := range b.entries {
		if err == nil && !there[name] {
			delete(b.entries, name)
			delete(b.errors, name)
			if e.row != nil {
				b.touch(nil)
			}
		}
	}
	if b.scanned = time.Now(); !b.complete {
		b.complete = true
		b.touch(nil)
	}
}

// update reads a run again if its files have changed.
func (b *Board) update(name string) {
	dir := filepath.Join(b.opt.Root, name)
	seen := lookAt(dir)
	b.mu.Lock()
	old := b.entries[name]
	b.mu.Unlock()
	if old != nil && old.seen == seen {
		return
	}
	e, err := read(dir, seen)
	if err != nil && old != nil && old.row != nil { // half written, perhaps: keep what was there
		e.row, e.curves = old.row, old.curves
	}
	b.setError(name, err)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.entries[name] = e
	if e.row == nil && (old == nil || old.row == nil) {
		return
	}
	if e.row != nil {
		e.row.Mark = b.marks.Runs[name]
	}
	if old == nil || (e.row == nil) != (old.row == nil) {
		b.touch(nil)
	}
	b.touch(e.row)
}

// touch counts a change: of a row, or of which runs there are.
func (b *Board) touch(row *Row) {
	b.version++
	if row != nil {
		row.Version = b.version
	} else {
		b.names = b.version
	}
	close(b.changed)
	b.changed = make(chan struct{})
}

// setError keeps what is wrong with a run or, for "", with the directory.
func (b *Board) setError(name string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	text := ""
	if err != nil {
		text = message.Error(err)
	}
	if b.errors[name] == text {
		return
	}
	if b.errors[name] = text; text == "" {
		delete(b.errors, name)
	}
	b.touch(nil)
}

// State is what the page is told: the rows that changed after a version, and if it
// changed which runs there are, the names of all.
type State struct {
	Root     string            `json:"root"`
	Version  int               `json:"version"`
	Complete bool              `json:"complete"` // every run has been read
	Runs     []Row             `json:"runs"`
	Names    []string          `json:"names,omitempty"`
	Trash    map[string]Trash  `json:"trash,omitempty"`
	Errors   map[string]string `json:"errors,omitempty"`
	Can      map[string]bool   `json:"can"` // what this page offers
}

// since is the state after a version, and what is closed at the next change.
func (b *Board) since(version int) (State, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := State{
		Root: filepath.Base(b.opt.Root), Version: b.version, Complete: b.complete, Runs: []Row{},
		Can: map[string]bool{"mistakes": b.opt.Review != nil, "draw": b.opt.Draw != nil, "change": true},
	}
	if abs, err := filepath.Abs(b.opt.Root); err == nil {
		s.Root = filepath.Base(abs)
	}
	for name, e := range b.entries {
		if e.row == nil {
			continue
		}
		if b.names > version {
			s.Names = append(s.Names, name)
		}
		if e.row.Version > version {
			s.Runs = append(s.Runs, *e.row)
		}
	}
	slices.Sort(s.Names)
	slices.SortFunc(s.Runs, func(x, y Row) int { return y.Started.Compare(x.Started) })
	if b.names > version {
		s.Errors, s.Trash = map[string]string{}, map[string]Trash{}
		for name, text := range b.errors {
			s.Errors[name] = text
		}
		for id, t := range b.marks.Trash {
			s.Trash[id] = t
		}
	}
	return s, b.changed
}

// find is the run of that name, which has been listed: no other path is ever opened.
func (b *Board) find(name string) (row Row, dir string, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entries[name]
	if e == nil || e.row == nil {
		return Row{}, "", false
	}
	return *e.row, filepath.Join(b.opt.Root, name), true
}
