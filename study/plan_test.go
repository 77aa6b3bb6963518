package study

import "testing"

func TestExperimentsAreValid(t *testing.T) {
	names := map[string]bool{}
	found := map[int]bool{}
	for _, e := range Experiments {
		if names[e.Name] {
			t.Errorf("two experiments are %s", e.Name)
		}
		names[e.Name] = true
		if err := e.Validate(); err != nil {
			t.Error(err)
		}
		for _, s := range e.Claims {
			found[s.Finding] = true
		}
	}
	for i, f := range Findings {
		if f.Number != i+1 || !found[f.Number] {
			t.Errorf("finding %d at place %d; claimed anywhere: %v", f.Number, i, found[f.Number])
		}
	}
}

func TestEstimate(t *testing.T) {
	for _, scope := range []Scope{{false, 3}, {true, 2}} {
		all := 0.0
		for _, e := range Experiments {
			p, err := NewPlan([]Experiment{e}, Data{Train: 7011, Test: 10000, Hash: "x"}, scope)
			if err != nil {
				t.Fatal(err)
			}
			s, n := p.Estimate(Shard{})
			all += s
			t.Logf("%-12s %5.0f s, %d trials", e.Name, s/2, n)
		}
		p, _ := NewPlan(Experiments, Data{Train: 7011, Test: 10000, Hash: "x"}, scope)
		s, n := p.Estimate(Shard{})
		t.Logf("all %5.0f s, %d trials", s/2, n)
	}
}
