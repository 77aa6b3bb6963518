package study

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"

	"glyph/internal/atomicfile"
	"glyph/internal/filetype"
	"glyph/internal/message"
)

// Versions of the layout of a results directory. They increase when older programs
// can no longer read it.
const (
	Format      = 1 // of a study
	FormatSweep = 2 // of a sweep, whose trials older programs don't know
	newest      = FormatSweep
)

// Files of a results directory that other packages look for.
const (
	ManifestFile = "study.json"  // which every results directory has
	ReportFile   = "report.html" // of a study, written by WriteReport
)

// Files of a results directory.
const (
	manifestFile = ManifestFile
	resultsFile  = "results.jsonl"
	lockFile     = "lock"
)

// Manifest describes the study whose results a directory holds.
type Manifest struct {
	Format int `json:"format"`
	Scope
	Source      string   `json:"source"`
	Name        string   `json:"data_name,omitempty"` // see Data.Name; older programs did not write it
	Train       int      `json:"train_images"`
	Test        int      `json:"test_images"`
	Hash        string   `json:"data"`
	Experiments []string `json:"experiments"`

	// Definitions are the experiments that are not built in, as files have them.
	Definitions []Definition `json:"definitions,omitempty"`
	// Sweep is what the directory holds in place of experiments, or nil.
	Sweep *SweepSpec `json:"sweep,omitempty"`
}

// Definition is the text of a file that describes an experiment.
type Definition struct {
	Name string `json:"name"` // of the experiment
	Text string `json:"text"`
}

// manifest is that of a plan.
func (p *Plan) manifest() Manifest {
	m := Manifest{
		Format: Format, Scope: p.Scope,
		Source: p.Data.Source, Name: p.Data.Name, Train: p.Data.Train, Test: p.Data.Test, Hash: p.Data.Hash,
	}
	for _, e := range p.Experiments {
		m.Experiments = append(m.Experiments, e.Name)
		if e.Text != "" {
			m.Definitions = append(m.Definitions, Definition{e.Name, e.Text})
		}
	}
	return m
}

// Plan is the plan that a manifest's results belong to: of its experiments those
// that are among all, in their order.
func (m Manifest) Plan(all []Experiment) (*Plan, error) {
	if m.Sweep != nil {
		return nil, errors.New("holds a sweep, not a study")
	}
	var known []Experiment
	for _, e := range all {
		if slices.Contains(m.Experiments, e.Name) {
			known = append(known, e)
		}
	}
	if len(known) == 0 {
		return nil, errors.New("this glyph knows none of its experiments")
	}
	return NewPlan(known, Data{Source: m.Source, Name: m.Name, Train: m.Train, Test: m.Test, Hash: m.Hash}, m.Scope)
}

// join is the manifest of results of both. Its error says why they don't belong
// together, as the end of a sentence about a directory.
func (m Manifest) join(o Manifest) (Manifest, error) {
	kind := map[bool]string{false: "full", true: "quick"}
	what := map[bool]string{false: "a study", true: "a sweep"}
	switch {
	case (m.Sweep != nil) != (o.Sweep != nil):
		return m, fmt.Errorf("has results of %s, and these are of %s", what[m.Sweep != nil], what[o.Sweep != nil])
	case m.Hash != o.Hash:
		return m, fmt.Errorf("has results of other data (%s, %s, %s; not %s, %s, %s)",
			m.Source, message.Count(m.Train, "training image"), m.Hash, o.Source, message.Thousands(o.Train), o.Hash)
	case m.Quick != o.Quick:
		return m, fmt.Errorf("has results of the %s study, and these are of the %s one", kind[m.Quick], kind[o.Quick])
	}
	m.Seeds = max(m.Seeds, o.Seeds)
	m.Name = cmp.Or(o.Name, m.Name) // where it is now
	all := slices.Clone(m.Experiments)
	for _, name := range o.Experiments {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	m.Experiments = all
	m.Definitions = slices.Clone(m.Definitions)
	for _, d := range o.Definitions { // the newer text counts
		m.Definitions = slices.DeleteFunc(m.Definitions, func(old Definition) bool { return old.Name == d.Name })
		m.Definitions = append(m.Definitions, d)
	}
	m.Sweep = o.Sweep
	return m, nil
}

// sameAs fails where two manifests are of other sweeps, or have other definitions of
// an experiment, which can't be merged. Its error is the end of a sentence about a
// directory.
func (m Manifest) sameAs(o Manifest) error {
	if m.Sweep != nil && o.Sweep != nil && !reflect.DeepEqual(m.Sweep, o.Sweep) {
		return errors.New("has results of another sweep, with other values")
	}
	for _, d := range m.Definitions {
		for _, other := range o.Definitions {
			if d.Name == other.Name && d.Text != other.Text {
				return fmt.Errorf("has another description of the experiment %s", message.Quote(d.Name))
			}
		}
	}
	return nil
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
	if m.Format > newest {
		return m, fmt.Errorf("%s was written by a newer glyph (format %d; this one reads %d)", path, m.Format, newest)
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
	if text.Len() > maxManifest {
		return fmt.Errorf("%s would have more than %s bytes, with the descriptions of all experiments; choose another directory", filepath.Join(dir, manifestFile), message.Thousands(maxManifest))
	}
	return atomicfile.WriteFile(filepath.Join(dir, manifestFile), text.Bytes())
}
