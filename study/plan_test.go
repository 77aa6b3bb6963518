package study

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"glyph/settings"
	"glyph/train"
)

func TestExperimentsAreValid(t *testing.T) {
	names := map[string]bool{}
	found := map[int]bool{}
	for _, e := range Experiments() {
		if names[e.Name] || e.Name == "list" || e.Name == "merge" || e.Name == "report" {
			t.Errorf("two experiments, or a command, are %s", e.Name)
		}
		names[e.Name] = true
		if err := e.Validate(); err != nil {
			t.Error(err)
		}
		for _, s := range e.Claims {
			found[s.Finding] = true
		}
	}
	for i, f := range Findings() {
		if f.Number != i+1 || !found[f.Number] {
			t.Errorf("finding %d at place %d; claimed anywhere: %v", f.Number, i, found[f.Number])
		}
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		change func(*Experiment)
		want   string
	}{
		{func(e *Experiment) { e.Claims[0].Claim = Beats{A: []string{"9"}, B: []string{"4"}} }, `no arm is "9"`},
		{func(e *Experiment) { e.Claims[0].Finding = 13 }, "finding 13"},
		{func(e *Experiment) { e.Figures[0].X = "depth" }, `no axis is "depth"`},
		{func(e *Experiment) { e.Vary[0].Choices[1].Label = "4" }, `two arms are "4"`},
		{func(e *Experiment) { e.Fixed.Optimizer = "lion" }, "lion"},
		{func(e *Experiment) { e.Fixed.Rates = nil }, "no learning rate"},
	} {
		e := tiny()[0]
		c.change(&e)
		if err := e.Validate(); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), e.Name) {
			t.Errorf("no %q in %v", c.want, err)
		}
	}
}

// real is the plan of all real experiments on data of the size of kmnist-7k.
func real(t testing.TB, scope Scope) *Plan {
	t.Helper()
	p, err := NewPlan(Experiments(), Data{Train: 7011, Test: 10000, Hash: "x"}, scope)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The shards of the whole study are everything once, and about as long as each
// other.
func TestShardsOfAll(t *testing.T) {
	p := real(t, Scope{Seeds: 3})
	total, trials := p.Estimate(Shard{})
	for _, count := range []int{2, 3, 5} {
		sum, n, groups := 0.0, 0, map[string]int{}
		for i := range count {
			seconds, some := p.Estimate(Shard{i, count})
			if even := total / float64(count); math.Abs(seconds-even) > 0.25*even {
				t.Errorf("shard %d of %d takes %.0f s; an even share is %.0f", i, count, seconds, even)
			}
			sum, n = sum+seconds, n+some
			for _, c := range p.part(Shard{i, count}) {
				if other, there := groups[c.group]; there && other != i {
					t.Errorf("%v is in shards %d and %d", c.Settings, other, i)
				}
				groups[c.group] = i
			}
		}
		if n != trials || math.Abs(sum-total) > 1e-6*total {
			t.Errorf("%d shards: %d trials of %d, %.1f s of %.1f", count, n, trials, sum, total)
		}
	}
}

// The study fits the time it is meant to take, by formula: an hour on two cores,
// and the quick one well under six minutes.
func TestEstimate(t *testing.T) {
	for _, c := range []struct {
		scope Scope
		most  float64
	}{{Scope{false, 3}, 3400}, {Scope{true, 3}, 280}} {
		for _, e := range Experiments() {
			p, err := NewPlan([]Experiment{e}, Data{Train: 7011, Test: 10000, Hash: "x"}, c.scope)
			if err != nil {
				t.Fatal(err)
			}
			s, n := p.Estimate(Shard{})
			t.Logf("%-12s %5.0f s, %d trials", e.Name, s/2, n)
		}
		s, n := real(t, c.scope).Estimate(Shard{})
		t.Logf("all %5.0f s, %d trials", s/2, n)
		if s/2 > c.most {
			t.Errorf("%+v takes %.0f s", c.scope, s/2)
		}
	}
}

// Looking at a test image nine times costs nine evaluations.
func TestEstimateCountsViews(t *testing.T) {
	s := modern()
	s.Recipe = s.Recipe.Complete()
	cost := func(views, test int) float64 {
		s.Views = views
		return Data{Train: 1000, Test: test}.cost(Trial{Settings: s})
	}
	none := cost(0, 0)
	once, nine := cost(0, 10000)-none, cost(1, 10000)-none
	if !(once > 0) || math.Abs(nine/once-9) > 1e-9 {
		t.Errorf("one view takes %v s and nine take %v s", once, nine)
	}
}

// The rate is that with the best mean over the validation sets, and waits for all.
func TestRate(t *testing.T) {
	p := tinyPlan(t, 1)
	c := p.Configs[0]
	if n := len(p.selection(c)); n != 2*MaxSplits {
		t.Fatalf("%d trials choose the rate, want %d", n, 2*MaxSplits)
	}
	for _, k := range []struct {
		low, high [2]float64 // accuracy and loss
		first     float64    // accuracy of the high rate on the first validation set, more than on the last
		want      float64
	}{
		{[2]float64{0.8, 1}, [2]float64{0.7, 0.5}, 0, 0.01},
		{[2]float64{0.8, 1}, [2]float64{0.7, 0.5}, 0.2, 0.01}, // better on the first validation set alone
		{[2]float64{0.7, 1}, [2]float64{0.8, 2}, 0, 0.1},
		{[2]float64{0.75, 1}, [2]float64{0.75, 0.875}, 0, 0.1},
		{[2]float64{0.75, 1}, [2]float64{0.75, 1}, 0, 0.01},
	} {
		done := Results{}
		for _, trial := range p.selection(c) {
			if rate, ok := p.rate(c, done); ok {
				t.Errorf("chose %v from %d trials", rate, len(done))
			}
			r := Result{ID: trial.ID(), Trial: trial, Accuracy: k.low[0], Loss: k.low[1]}
			if trial.Rate == 0.1 {
				r.Accuracy, r.Loss = k.high[0], k.high[1]
				switch trial.Seed {
				case 0:
					r.Accuracy += k.first
				case MaxSplits - 1:
					r.Accuracy -= k.first
				}
			}
			done[r.ID] = r
		}
		if rate, ok := p.rate(c, done); !ok || rate != k.want {
			t.Errorf("chose %v of %+v, want %v", rate, k, k.want)
		}
	}
}

// Validation sets are as many as it takes for enough images, one in the quick study.
func TestSplits(t *testing.T) {
	for _, k := range []struct {
		images, want int
		quick        bool
	}{
		{20, MaxSplits, false}, {500, 5, false}, {625, 4, false}, {1000, 3, false}, {2000, 2, false}, {2499, 1, false}, {60000, 1, false}, {20, 1, true},
	} {
		p := Plan{Scope: Scope{Quick: k.quick}}
		if got := p.splits(Config{Settings: Settings{Recipe: settings.Recipe{Images: k.images}}}); got != k.want {
			t.Errorf("%+v: %d", k, got)
		}
	}
}

func TestParseShard(t *testing.T) {
	for _, c := range []struct {
		text string
		from int
		want Shard
		err  string
	}{
		{"1/8", 1, Shard{0, 8}, ""}, {"8/8", 1, Shard{7, 8}, ""}, {"0/8", 0, Shard{0, 8}, ""}, {"7/8", 0, Shard{7, 8}, ""}, {"1/1", 1, Shard{0, 1}, ""},
		{"0/8", 1, Shard{}, "no shard 0 of 8: they are counted from 1 to 8"}, {"8/8", 0, Shard{}, "counted from 0 to 7"},
		{"9/8", 1, Shard{}, "no shard 9"}, {"1/0", 1, Shard{}, "no shard"}, {"-1/3", 0, Shard{}, "no shard"},
		{"3", 1, Shard{}, "is not a shard"}, {"a/b", 1, Shard{}, "is not a shard"}, {"/8", 1, Shard{}, "is not a shard"}, {"", 1, Shard{}, "is not a shard"}, {"1/8", 2, Shard{}, "0 or 1"},
	} {
		got, err := ParseShard(c.text, c.from)
		if (err == nil) != (c.err == "") || got != c.want || (err != nil && !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%q from %d: %v, %v; want %v, %q", c.text, c.from, got, err, c.want, c.err)
		}
	}
}

func TestSelect(t *testing.T) {
	if all, err := Select(tiny(), nil); err != nil || len(all) != 4 {
		t.Errorf("all: %d, %v", len(all), err)
	}
	if some, err := Select(tiny(), []string{"rate", "width", "rate"}); err != nil || len(some) != 2 || some[0].Name != "width" {
		t.Errorf("two: %v, %v", some, err)
	}
	if _, err := Select(tiny(), []string{"width", "heigth"}); err == nil || !strings.Contains(err.Error(), "heigth") || !strings.Contains(err.Error(), "width, images, rate") {
		t.Errorf("unknown: %v", err)
	}
}

// A rate at the end of those that were tried is marked: a better one may lie
// beyond.
func TestEdge(t *testing.T) {
	list := tiny()[:1]
	list[0].Fixed.Rates = []float64{0.01, 0.1, 1}
	p, err := NewPlan(list, tinyData(), Scope{Seeds: 1})
	if err != nil {
		t.Fatal(err)
	}
	for best, want := range map[float64]bool{0.01: true, 0.1: false, 1: true} {
		done := Results{}
		for _, trial := range p.selection(p.Configs[0]) {
			r := Result{ID: trial.ID(), Trial: trial}
			if trial.Rate == best {
				r.Accuracy = 1
			}
			done[r.ID] = r
		}
		if a := p.arm(p.Experiments[0].Arms[0], done); a.Rate != best || a.Edge != want {
			t.Errorf("best at %v: rate %v, at an edge: %v", best, a.Rate, a.Edge)
		}
	}
}

// The quick study takes fewer images, but no more than there are; fewer epochs,
// and the rates in the middle. Arms of more images are left out, and choices
// for the full study alone; both are named.
func TestQuick(t *testing.T) {
	e := tiny()[1]
	e.Quick = Quick{Images: 30, Epochs: 1, Rates: 2}
	e.Fixed.Rates = []float64{1, 2, 3, 4, 5}
	e.Vary[0].Choices = append(e.Vary[0].Choices, Choice{Label: "all"}, Choice{Label: "slow", Full: true})
	for _, c := range []struct {
		size   size
		arms   string
		images int // of the last arm
		rates  int
		left   omitted
	}{
		{size{true, 400}, "20 all", 30, 2, omitted{nil, []string{"40", "400", "slow"}}},
		{size{true, 25}, "20 all", 25, 2, omitted{[]string{"40", "400"}, []string{"slow"}}},
		{size{false, 400}, "20 40 400 all slow", 400, 5, omitted{}},
		{size{false, 100}, "20 40 all slow", 100, 5, omitted{[]string{"400"}, nil}},
	} {
		arms, left := e.arms(c.size)
		if !reflect.DeepEqual(left, c.left) {
			t.Errorf("%+v: left out are %q, not %q", c.size, left, c.left)
		}
		var labels []string
		for _, a := range arms {
			labels = append(labels, a.Label)
		}
		last := arms[len(arms)-1].Settings
		if strings.Join(labels, " ") != c.arms || last.Images != c.images || len(last.Rates) != c.rates || (last.Epochs == 1) != c.size.quick {
			t.Errorf("%+v: %v, the last %+v", c.size, labels, last)
		}
		if c.size.quick && (last.Rates[0] != 2 || last.Rates[1] != 3) {
			t.Errorf("rates %v", last.Rates)
		}
	}
}

// The report says why an arm is left out.
func TestNotesOfWhatIsLeftOut(t *testing.T) {
	x := Analysed{Planned: Planned{Left: []string{"400"}, Full: []string{"40", "slow"}}}
	want := []string{"Left out, because the data has too few training images: 400.", "Only in the full study: 40; slow."}
	if got := x.notes(); !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
}

// Every experiment of the quick study has something to train, also one whose images
// are a fixed number.
func TestQuickTrainsEveryExperiment(t *testing.T) {
	p := real(t, Scope{Quick: true, Seeds: 1})
	for _, e := range p.Experiments {
		if e.Gradients {
			continue
		}
		if len(e.Arms) == 0 {
			t.Errorf("%s: nothing is trained; left out are %q", e.Name, e.Left)
		}
		for _, a := range e.Arms {
			if a.Settings.Views != 0 {
				t.Errorf("%s, %s: %d views", e.Name, a.Label, a.Settings.Views)
			}
			if q := e.Quick.Images; q > 0 && a.Settings.Images > q {
				t.Errorf("%s, %s: %d images, and the quick study takes %d", e.Name, a.Label, a.Settings.Images, q)
			}
		}
	}
}

func TestHashData(t *testing.T) {
	set := func(images, labels string) train.Set {
		return train.Set{Images: []byte(images), Labels: []byte(labels)}
	}
	seen := map[string]bool{}
	for _, sets := range [][]train.Set{
		{set("ab", "c")}, {set("a", "bc")}, {set("ab", "d")}, {set("ab", "c"), set("", "")}, {set("", ""), set("ab", "c")}, {set("a", ""), set("b", "c")},
	} {
		h := HashData(sets...)
		if len(h) != 16 || seen[h] || h != HashData(sets...) {
			t.Errorf("%q is %s", sets, h)
		}
		seen[h] = true
	}
}
