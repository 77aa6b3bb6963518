package study

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// docs/study.md counts the trials of a finished study as it would be today, and names the
// experiments that the report beside it lacks.
func TestDocumentedTrials(t *testing.T) {
	text, err := os.ReadFile("../docs/study.md")
	if err != nil {
		t.Fatal(err)
	}
	old, err := ReadContents("../docs/study")
	if err != nil {
		t.Fatal(err)
	}
	all, err := NewPlan(Experiments(), Data{Train: old.Train, Test: old.Test, Hash: old.Hash}, Scope{Seeds: old.Seeds})
	if err != nil {
		t.Fatal(err)
	}
	quick := real(t, Scope{Quick: true, Seeds: old.Seeds})
	for _, row := range []string{
		fmt.Sprintf("| `--quick`, any KMNIST | %d |", trialsOf(quick, nil)),
		fmt.Sprintf("| the first 7,011 images, 3 seeds | %d |", trialsOf(all, old.Results)),
	} {
		if !strings.Contains(string(text), row) {
			t.Errorf("docs/study.md has no %q", row)
		}
	}
	for _, e := range Experiments() {
		lacks := fmt.Sprintf("without `%s`", e.Name)
		if has := slices.Contains(old.Experiments, e.Name); has == strings.Contains(string(text), lacks) {
			t.Errorf("%s is in the report: %v; docs/study.md says %q: %v", e.Name, has, lacks, !has)
		}
	}
}

// trialsOf is how many trials a plan has, the comparison of gradients among them.
func trialsOf(p *Plan, done Results) int {
	n := 0
	p.each(p.Configs, done, func(Trial, bool) { n++ })
	if p.Gradients {
		n++
	}
	return n
}
