package study

import "slices"

// Analysis is what the results of a study say.
type Analysis struct {
	Contents
	Plan        *Plan
	Experiments []Analysed
	Findings    []FindingVerdict // those that the experiments are about
	Trials      int              // of the plan
	Missing     int              // of them
}

// Analysed is an experiment with its results.
type Analysed struct {
	Planned
	Arms   []ArmResult
	Claims []Judged
}

// ArmResult is an arm with its trials.
type ArmResult struct {
	Arm
	Rate    float64
	Chosen  bool // Rate was chosen or given; else trials to choose it are missing
	Edge    bool // the best rate is the lowest or the highest of several
	Results []Result
}

// Judged is a claim with its verdict.
type Judged struct {
	Statement
	Judgement
	Experiment string
}

// FindingVerdict is a finding with the verdict from all its claims.
type FindingVerdict struct {
	Finding
	Verdict Verdict
	Claims  []Judged
}

// Analyse judges every claim of the experiments that have results and are among
// all: [Experiments], or another list.
func Analyse(c Contents, all []Experiment) (*Analysis, error) {
	plan, err := c.Manifest.Plan(all)
	if err != nil {
		return nil, err
	}
	a := &Analysis{Contents: c, Plan: plan}
	for _, e := range plan.Experiments {
		x := Analysed{Planned: e}
		for _, arm := range e.Arms {
			x.Arms = append(x.Arms, plan.arm(arm, c.Results))
		}
		for _, s := range e.Claims {
			j := Judged{s, x.judge(s, c.Gradients), e.Name}
			x.Claims = append(x.Claims, j)
		}
		a.Experiments = append(a.Experiments, x)
	}
	for _, f := range Findings() {
		v := FindingVerdict{Finding: f}
		var verdicts []Verdict
		for _, x := range a.Experiments {
			for _, j := range x.Claims {
				if j.Finding == f.Number {
					v.Claims = append(v.Claims, j)
					verdicts = append(verdicts, j.Verdict)
				}
			}
		}
		if v.Claims != nil {
			v.Verdict = Together(verdicts)
			a.Findings = append(a.Findings, v)
		}
	}
	a.Trials, a.Missing = plan.progress(c)
	return a, nil
}

// arm collects the results of an arm, in the order of the seeds.
func (p *Plan) arm(arm Arm, done Results) ArmResult {
	r := ArmResult{Arm: arm}
	config := newConfig(arm.Settings, p.Data.Hash)
	if r.Rate, r.Chosen = p.rate(config, done); !r.Chosen {
		return r
	}
	rates := arm.Settings.Rates
	r.Edge = len(rates) > 2 && (r.Rate == rates[0] || r.Rate == rates[len(rates)-1])
	for _, t := range p.final(config, r.Rate) {
		if result, ok := done[t.ID()]; ok {
			r.Results = append(r.Results, result)
		}
	}
	return r
}

// progress counts the trials of the plan and those that are missing.
func (p *Plan) progress(c Contents) (trials, missing int) {
	p.each(p.Configs, c.Results, func(_ Trial, done bool) {
		trials++
		if !done {
			missing++
		}
	})
	if p.Gradients {
		trials++
		if c.Gradients == nil {
			missing++
		}
	}
	return trials, missing
}

// each calls f with every trial of the configurations once, and whether it is done.
// Trials whose learning rate is yet to be chosen have a rate of -1.
func (p *Plan) each(configs []Config, done Results, tell func(t Trial, done bool)) {
	seen := map[string]bool{}
	for _, c := range configs {
		rate, chosen := p.rate(c, done)
		if !chosen {
			rate = -1
		}
		for _, t := range slices.Concat(p.selection(c), p.final(c, rate)) {
			id := t.ID()
			if !seen[id] {
				seen[id] = true
				_, there := done[id]
				tell(t, there)
			}
		}
	}
}

// judge puts a claim about the arms to the test.
func (x Analysed) judge(s Statement, g *Gradients) Judgement {
	if c, ok := s.Claim.(AllBelow); ok {
		return c.judge(g)
	}
	return Judge(s.Claim, func(label string) (values []float64) {
		i := slices.IndexFunc(x.Arms, func(a ArmResult) bool { return a.Label == label })
		if i < 0 {
			return nil
		}
		return x.Arms[i].values(s.Of)
	})
}

// values is a measure of each trial of an arm that has it.
func (r ArmResult) values(of Measure) (values []float64) {
	for _, result := range r.Results {
		switch of {
		case Accuracy:
			values = append(values, result.Accuracy)
		case Vanishing:
			if len(result.Norms) > 0 {
				if v, ok := result.Norms[0].vanishing(); ok {
					values = append(values, v)
				}
			}
		}
	}
	return values
}
