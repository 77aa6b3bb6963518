package board

import (
	"encoding/json"
	"html"
	"path/filepath"
	"strings"

	"glyph/internal/message"
	"glyph/study"
)

// freezeStudies puts the studies and sweeps into an exported page, with the reports of
// the studies. Paths are reduced to their last part, here too.
func (b *Board) freezeStudies(f *frozen) error {
	list, err := b.studies()
	if err != nil {
		return err
	}
	for i := range list {
		s := &list[i]
		s.Problem, _, _ = strings.Cut(s.Problem, " To make ") // which takes the directory
		if strings.ContainsAny(s.Problem, `/\`) {
			s.Problem = "Nothing is finished yet."
		}
		if l := s.Leaderboard; l != nil {
			l.Source, l.Name = base(l.Source), base(l.Name)
			s.Best = best(l)
		}
		if !s.Report {
			continue
		}
		if f.Reports[s.Name], err = portableReport(filepath.Join(b.opt.Root, s.Name)); err != nil {
			s.Report, s.Problem = false, message.Error(err)
			delete(f.Reports, s.Name)
		}
	}
	f.Studies = list
	return nil
}

// portableReport is the report of the study in a directory without the path of its data.
func portableReport(dir string) (string, error) {
	report, err := readStudyFile(filepath.Join(dir, study.ReportFile))
	if err != nil {
		return "", err
	}
	text := string(report)
	var m study.Manifest
	manifest, err := readStudyFile(filepath.Join(dir, study.ManifestFile))
	if err == nil && json.Unmarshal(manifest, &m) == nil && strings.ContainsAny(m.Source, `/\`) {
		text = strings.ReplaceAll(text, escaped(m.Source), escaped(base(m.Source)))
	}
	return text, nil
}

// escaped is text as package html/template writes it between tags.
func escaped(text string) string { return strings.ReplaceAll(html.EscapeString(text), "+", "&#43;") }
