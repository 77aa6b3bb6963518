package study

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"glyph/internal/atomicfile"
	"glyph/internal/filetype"
	"glyph/internal/message"
)

// Format is the version of the layout of a results directory. It is increased when
// older programs can no longer read it.
const Format = 1

// Files of a results directory.
const (
	manifestFile = "study.json"
	resultsFile  = "results.jsonl"
	lockFile     = "lock"
)

// Manifest describes the study whose results a directory holds.
type Manifest struct {
	Format int `json:"format"`
	Scope
	Source      string   `json:"source"`
	Train       int      `json:"train_images"`
	Test        int      `json:"test_images"`
	Hash        string   `json:"data"`
	Experiments []string `json:"experiments"`
}

// manifest is that of a plan.
func (p *Plan) manifest() Manifest {
	m := Manifest{
		Format: Format, Scope: p.Scope,
		Source: p.Data.Source, Train: p.Data.Train, Test: p.Data.Test, Hash: p.Data.Hash,
	}
	for _, e := range p.Experiments {
		m.Experiments = append(m.Experiments, e.Name)
	}
	return m
}

// Plan is the plan that a manifest's results belong to: of its experiments those
// that are among all, in their order.
func (m Manifest) Plan(all []Experiment) (*Plan, error) {
	var known []Experiment
	for _, e := range all {
		if slices.Contains(m.Experiments, e.Name) {
			known = append(known, e)
		}
	}
	if len(known) == 0 {
		return nil, errors.New("this glyph knows none of its experiments")
	}
	return NewPlan(known, Data{Source: m.Source, Train: m.Train, Test: m.Test, Hash: m.Hash}, m.Scope)
}

// join is the manifest of results of both. Its error says why they don't belong
// together, as the end of a sentence about a directory.
func (m Manifest) join(o Manifest) (Manifest, error) {
	kind := map[bool]string{false: "full", true: "quick"}
	switch {
	case m.Hash != o.Hash:
		return m, fmt.Errorf("has results of other data (%s, %s, %s; not %s, %s, %s)",
			m.Source, message.Count(m.Train, "training image"), m.Hash, o.Source, message.Thousands(o.Train), o.Hash)
	case m.Quick != o.Quick:
		return m, fmt.Errorf("has results of the %s study, and these are of the %s one", kind[m.Quick], kind[o.Quick])
	}
	m.Seeds = max(m.Seeds, o.Seeds)
	all := slices.Clone(m.Experiments)
	for _, name := range o.Experiments {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	m.Experiments = all
	return m, nil
}

// readManifest reads a directory's; fs.ErrNotExist where there is none.
func readManifest(dir string) (m Manifest, err error) {
	path := filepath.Join(dir, manifestFile)
	text, err := readBounded(path, maxManifest)
	if err != nil {
		return m, fmt.Errorf("%s: %w", path, err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%s is not a description of a study%s: %v", message.Quote(path), filetype.Hint(text, filetype.JSON, filetype.Text), err)
	}
	if m.Format > Format {
		return m, fmt.Errorf("%s was written by a newer glyph (format %d; this one reads %d)", path, m.Format, Format)
	}
	if m.Format < 1 || m.Hash == "" || m.Seeds < 1 {
		return m, fmt.Errorf("%s is not a description of a study: format, data or seeds are missing", path)
	}
	return m, nil
}

// write makes the file, all of it or none.
func (m Manifest) write(dir string) error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		return err
	}
	return atomicfile.WriteFile(filepath.Join(dir, manifestFile), text.Bytes())
}
