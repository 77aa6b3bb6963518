package study

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"glyph/internal/message"
)

// Results are finished trials by ID.
type Results map[string]Result

// Session is one run of the program.
type Session struct {
	ID       string `json:"id"`
	Version  string `json:"version"` // of glyph
	Go       string `json:"go"`
	Platform string `json:"platform"` // linux/amd64
	Backend  string `json:"backend"`  // with its kernels
	Device   string `json:"device"`
	Parallel int    `json:"parallel"` // trials at once
	Shard    string `json:"shard,omitempty"`
}

// GradientCheck is the error of one analytical gradient against a numerical one.
type GradientCheck struct {
	Name  string  `json:"name"`
	Error float64 `json:"error"`
}

// Gradients is a comparison of all gradients.
type Gradients struct {
	Checks []GradientCheck `json:"checks"`
	Bound  float64         `json:"bound"` // what each error has to be below
}

// record is a line of the results file: one of these.
type record struct {
	Session   *Session   `json:"session,omitempty"`
	Result    *Result    `json:"result,omitempty"`
	Gradients *Gradients `json:"gradients,omitempty"`
}

// Contents is what a results directory holds.
type Contents struct {
	Manifest
	Results   Results
	Sessions  []Session
	Gradients *Gradients
}

// Store is a results directory that is open for appending. One process at a
// time has it open.
type Store struct {
	Contents
	dir  string
	file *os.File
	lock *os.File
	mu   sync.Mutex
}

// OpenStore opens the results directory of a plan, creating it if need be. It reads
// the results that are there, and refuses results of other data or of the other kind
// of study, and a directory that holds other things than a study.
func OpenStore(dir string, p *Plan) (*Store, error) { return openStore(dir, p.manifest()) }

func openStore(dir string, m Manifest) (_ *Store, err error) {
	if err := vacant(dir); err != nil {
		return nil, fmt.Errorf("%s %w; choose a new directory or an empty one", message.Quote(dir), err)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("%s: %w; choose a directory you may write to", dir, message.Cause(err))
	}
	s := &Store{dir: dir}
	if s.lock, err = lock(filepath.Join(dir, lockFile)); err != nil {
		return nil, fmt.Errorf("%s: %w", dir, message.Cause(err))
	}
	defer func() {
		if err != nil {
			s.Close() //nolint:errcheck // the first error counts
		}
	}()
	s.Contents, err = ReadContents(dir)
	if errors.Is(err, fs.ErrNotExist) {
		s.Contents, err = Contents{Manifest: m, Results: Results{}}, nil
	} else if err == nil {
		if s.Manifest, err = s.join(m); err != nil {
			err = fmt.Errorf("%s %w; choose another directory", dir, err)
		}
	}
	if err != nil {
		return nil, err
	}
	if err := s.Manifest.write(dir); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, resultsFile)
	if s.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o666); err != nil {
		return nil, fmt.Errorf("%s: %w", path, message.Cause(err))
	}
	if err := cutTorn(s.file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, message.Cause(err))
	}
	return s, nil
}

// Close releases the directory.
func (s *Store) Close() error {
	var errs []error
	if s.file != nil {
		errs = append(errs, s.file.Close())
	}
	return errors.Join(append(errs, s.lock.Close())...)
}

// append writes lines and syncs them to disk. Those of several goroutines do not
// mix. After an error some may be there, the last incomplete; the next OpenStore cuts
// that off.
func (s *Store) append(records ...record) error {
	var lines []byte
	for _, r := range records {
		line, err := json.Marshal(r)
		if err != nil {
			return err
		}
		lines = append(append(lines, line...), '\n')
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.file.Write(lines); err != nil {
		return s.lost(err)
	}
	if err := s.file.Sync(); err != nil {
		return s.lost(err)
	}
	for _, r := range records {
		s.keep(r)
	}
	return nil
}

func (s *Store) lost(err error) error {
	return fmt.Errorf("%s: %w; what is finished is safe: run the same command again", filepath.Join(s.dir, resultsFile), message.Cause(err))
}
