package file

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"glyph/study"
	"glyph/study/space"
)

const depth = `# depth.toml
name = "layers"
title = "Hidden layers"
question = "Does a second hidden layer help?"
rates = [0.01, 0.1]

[fixed]
model = "mlp"
batch = 8
epochs = 2
optimizer = "momentum"

[[vary]]
setting = "hidden"
values = [8, [8, 4]]

[[vary]]
of = "smoothing"
  [[vary.choice]]
  label = "none"
  [[vary.choice]]
  label = "some"
  x = 0.1
  label-smoothing = 0.1
  rates = 0.1

[quick]
epochs = 1

[[claim]]
says = "two layers are within 90 points of one"
within = { a = "8-4, none", b = "8, none", by = 0.9 }

[[claim]]
says = "everything at once"
beats = { a = "8, none", b = ["8-4, none", "8-4, some"], by = -0.9 }
best = { arm = "8, some" }
falls = ["8, none", "8, some"]
rises = ["8, none", "8, some"]
reaches = { arm = "8, none", level = 0.05 }
spreads-more = { a = ["8, none", "8, some"], b = ["8-4, none", "8-4, some"] }
diminishes = ["8, none", "8, some", "8-4, some"]
`

func TestExperiment(t *testing.T) {
	e, err := Experiment([]byte(depth))
	if err != nil {
		t.Fatal(err)
	}
	if e.Name != "layers" || e.Title != "Hidden layers" || e.Text != depth || !slices.Equal(e.Fixed.Rates, []float64{0.01, 0.1}) || e.Fixed.Batch != 8 || e.Quick.Epochs != 1 {
		t.Errorf("%+v", e)
	}
	if len(e.Vary) != 2 || e.Vary[0].Of != "hidden" || e.Vary[0].Choices[1].Label != "8-4" || e.Vary[1].Choices[1].X != 0.1 || e.Vary[0].Choices[0].X != 8 {
		t.Errorf("%+v", e.Vary)
	}
	s := e.Fixed
	e.Vary[0].Choices[1].Set(&s)
	e.Vary[1].Choices[1].Set(&s)
	if !slices.Equal(s.Hidden, []int{8, 4}) || s.LabelSmoothing != 0.1 || !slices.Equal(s.Rates, []float64{0.1}) || s.Optimizer != "momentum" {
		t.Errorf("%+v", s)
	}
	if e.Fixed.Hidden != nil || e.Fixed.LabelSmoothing != 0 {
		t.Errorf("a choice changed what is fixed: %+v", e.Fixed)
	}
	if want := (study.Within{A: "8-4, none", B: "8, none", By: 0.9}); e.Claims[0].Claim != want {
		t.Errorf("%+v", e.Claims[0])
	}
	want := study.All{
		study.Beats{A: []string{"8, none"}, B: []string{"8-4, none", "8-4, some"}, By: -0.9},
		study.Best{Arm: "8, some", Others: []string{"8, none", "8-4, none", "8-4, some"}},
		study.Falls{Arms: []string{"8, none", "8, some"}}, study.Falls{Arms: []string{"8, some", "8, none"}},
		study.Reaches{Arm: "8, none", Level: 0.05},
		study.SpreadsMore{A: []string{"8, none", "8, some"}, B: []string{"8-4, none", "8-4, some"}},
		study.Diminishes{Arms: [3]string{"8, none", "8, some", "8-4, some"}},
	}
	if !reflect.DeepEqual(e.Claims[1].Claim, want) {
		t.Errorf("%+v, want %+v", e.Claims[1].Claim, want)
	}
	if len(e.Figures) != 1 || e.Figures[0].X != "hidden" {
		t.Errorf("%+v", e.Figures)
	}
	if err := e.Validate(); err != nil {
		t.Error(err)
	}
}

// What is wrong is said in one line, with the number of the line it is on.
func TestExperimentRefuses(t *testing.T) {
	for _, c := range []struct {
		old, new string // replaced in the file above
		line     int
		says     string
	}{
		{`name = "layers"`, `name = "layers`, 2, ""},
		{`name = "layers"`, `name = 5`, 2, "name must be text in quotation marks, not 5"},
		{`name = "layers"`, `name = "a/../b"`, 2, "lower-case letters"},
		{`name = "layers"`, `name = "depth"`, 2, "built-in"},
		{`name = "layers"`, ``, 1, "name is missing"},
		{`title =`, `titel =`, 3, `unknown key "titel"; did you mean title?`},
		{`title =`, `name =`, 3, ""},
		{`rates = [0.01, 0.1]`, `rates = "0.1"`, 5, `rates must be numbers, not the text "0.1"`},
		{`rates = [0.01, 0.1]`, `rates = []`, 5, "rates is empty"},
		{`rates = [0.01, 0.1]`, `rates = [-1]`, 5, "must be a positive number"},
		{`rates = [0.01, 0.1]`, ``, 1, "rates is missing"},
		{`batch = 8`, `batch = "8"`, 9, `batch must be a whole number, not the text "8"`},
		{`batch = 8`, `batch = 8.5`, 9, "batch must be a whole number, not 8.5"},
		{`batch = 8`, `batch = 0`, 9, "must be at least 1"},
		{`batch = 8`, `batch = true`, 9, "not true"},
		{`batch = 8`, `bath = 8`, 9, `did you mean batch?`},
		{`batch = 8`, `seed = 8`, 9, "seed can't be set here: every configuration"},
		{`batch = 8`, `lr = 0.1`, 9, "lr can't be set here: rates has"},
		{`batch = 8`, `smoothing = 0.1` + "\n" + `label-smoothing = 0.2`, 9, "the same setting"},
		{`optimizer = "momentum"`, `optimizer = "adm"`, 11, "did you mean adam?"},
		{`optimizer = "momentum"`, `momentum = 1979-05-27`, 11, "not a date"},
		{`model = "mlp"`, `model = "mlp"` + "\nactivation = \"leaky-relu:x\"", 9, "slope"},
		{`setting = "hidden"`, `setting = "hiden"`, 14, `there is no setting "hiden"; did you mean hidden?`},
		{`setting = "hidden"`, `setting = "seed"`, 14, "seed can't be varied"},
		{`setting = "hidden"`, ``, 13, "either a setting with its values or tables"},
		{`values = [8, [8, 4]]`, `values = 8`, 15, "must be a list"},
		{`values = [8, [8, 4]]`, `values = [8, "x"]`, 15, "hidden must be a whole number or a list of them"},
		{`values = [8, [8, 4]]`, `values = [8, [8, [4]]]`, 15, "hidden must be"},
		{`values = [8, [8, 4]]`, `values = [8, 8]`, 13, `two choices are labelled "8"`},
		{`values = [8, [8, 4]]`, `values = [8, -4]`, 15, "-4"},
		{`  label = "none"`, `  lable = "none"`, 20, "did you mean label?"},
		{`label = "some"`, `label = "none"`, 21, `two choices are labelled "none"`},
		{`  x = 0.1`, `  x = "0.1"`, 23, "x must be a number"},
		{`  label-smoothing = 0.1`, `  label-smoothing = 2`, 24, "must be from 0 to below 1"},
		{`  rates = 0.1`, `  rates = 0`, 25, "must be a positive number"},
		{`epochs = 1`, `epochs = -1`, 28, "whole number of at least 0"},
		{`[quick]`, `[[quick]]`, 27, "quick must be a table"},
		{`within = { a = "8-4, none"`, `within = { a = "8-4, non"`, 32, `no configuration is labelled "8-4, non"; did you mean "8-4, none"?`},
		{`within = { a = "8-4, none"`, `within = { c = "8-4, none"`, 32, `unknown key "c"`},
		{`by = 0.9 }`, `by = 0 }`, 32, "a difference above 0"},
		{`within = {`, `whithin = {`, 32, "did you mean within?"},
		{`says = "everything at once"`, ``, 34, "says is missing"},
		{`level = 0.05`, `level = "high"`, 40, "level must be a number"},
		{`diminishes = ["8, none", "8, some", "8-4, some"]`, `diminishes = ["8, none", "8, some"]`, 42, "needs 3 configurations"},
		{`best = { arm = "8, some" }`, `best = "8, some"`, 37, "best must be a table"},
		{`falls = ["8, none", "8, some"]`, `falls = ["8, none"]`, 38, "needs 2 configurations"},
	} {
		text := strings.Replace(depth, c.old, c.new, 1)
		if text == depth {
			t.Fatalf("%q is not in the file", c.old)
		}
		_, err := Experiment([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), fmt.Sprintf("line %d: ", c.line)) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s → %s: %v; want line %d, %q", c.old, c.new, err, c.line, c.says)
		}
	}
	for text, says := range map[string]string{
		"": "name is missing", "\x89PNG\r\n\x1a\n": "PNG", strings.Repeat("#", MaxSize+1): "is larger than the 65,536 bytes",
		"name = \"a\"\n": "line 1: nothing is varied", "vary = 5\nname = \"a\"": "line 1: vary must be tables",
	} {
		if _, err := Experiment([]byte(text)); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.20q: %v, want %q", text, err, says)
		}
	}
}

func TestFigures(t *testing.T) {
	figure := func(more string) string { return depth + "\n[[figure]]\n" + more }
	e, err := Experiment([]byte(figure("kind = \"curves\"\nx = \"smoothing\"\ncaption = \"By smoothing\"\n")))
	if err != nil || len(e.Figures) != 1 || e.Figures[0] != (study.Figure{Name: "curves", Kind: study.Curves, X: "smoothing", Caption: "By smoothing"}) {
		t.Errorf("%+v, %v", e.Figures, err)
	}
	for more, says := range map[string]string{
		"kind = \"pie\"":                                            "line 45: kind must be points, curves or norms",
		"kind = \"norms\"":                                          "line 45: a figure of norms needs norms = true",
		"kind = \"points\"\nx = \"colour\"":                         "line 46: no [[vary]] is of",
		"kind = \"curves\"\nx = \"smoothing\"\nlog = true":          "line 44: for curves over",
		"kind = \"points\"\nname = \"../x\"":                        "line 46: name must be",
		"kind = \"points\"\n[[figure]]\nkind = \"points\"":          "two figures are called points",
		"name = \"x\"":                                              "line 44: kind is missing",
		"kind = \"points\"\nlog = 1":                                "line 46: log must be true or false",
		"kind = \"points\"\ncaption = \"\"\"\nseveral\nlines\"\"\"": "line 46: caption must be one line",
	} {
		if _, err := Experiment([]byte(figure(more))); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", more, err, says)
		}
	}
}

func TestReadSweep(t *testing.T) {
	s, err := ReadSweep([]byte("model = \"mlp\"\nlr = \"log:0.001..0.1\"\nhidden = [[128], [256, 64]]\nfilters = [8, 16]\nbatch = [16, 32]\nseed = \"1..3\"\noptimizer = [\"sgd\", \"adam\"]\nsmoothing = 0.1\nrandom = 5\nhalving = true\ndata = \"kmnist\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]space.Axis{
		"model": space.Fixed("model", "mlp"), "lr": {Setting: "lr", Range: &space.Range{Low: 0.001, High: 0.1, Log: true}},
		"hidden": {Setting: "hidden", Values: []string{"128", "256,64"}}, "filters": space.Fixed("filters", "8,16"),
		"batch": {Setting: "batch", Values: []string{"16", "32"}}, "seed": {Setting: "seed", Values: []string{"1", "2", "3"}},
		"optimizer": {Setting: "optimizer", Values: []string{"sgd", "adam"}}, "label-smoothing": space.Fixed("label-smoothing", "0.1"),
	} {
		if !reflect.DeepEqual(s.Axes[name], want) {
			t.Errorf("%s: %+v, want %+v", name, s.Axes[name], want)
		}
	}
	if want := map[string]string{"random": "5", "halving": "true", "data": "kmnist"}; !reflect.DeepEqual(s.Flags, want) {
		t.Errorf("%v", s.Flags)
	}
	for text, says := range map[string]string{
		"\nlr = \"fast\"":                    "line 2: lr: fast: want a number",
		"lr = [0.1, \"0.2\"]":                "line 1: lr must be a number, not the text",
		"lr = []":                            "line 1: lr has no value",
		"# a\n\nhidden = [[1], []]":          "line 3: hidden must be",
		"lrr = 1":                            "line 1: unknown key \"lrr\"; did you mean lr?",
		"random = -1":                        "line 1: random must be a whole number",
		"halving = \"yes\"":                  "line 1: halving must be true or false",
		"shard = \"1/2\"":                    "line 1: unknown key \"shard\"",
		"a = 1\nb = [":                       "line 2: ",
		"smoothing = 1\nlabel-smoothing = 2": "the same setting",
		"[lr]\nx = 1":                        "line 1: lr must be a number, not a table",
		"epochs = 3.5":                       "line 1: epochs must be a whole number, not 3.5",
		"optimizer = \"a..b\"":               "line 1: optimizer: a..b: want",
	} {
		if _, err := ReadSweep([]byte(text)); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
}

// No file makes reading panic, and what is accepted can be planned.
func FuzzExperiment(f *testing.F) {
	f.Add([]byte(depth))
	f.Add([]byte("lr = 1\nhidden = [[1], [2, 3]]\n"))
	f.Add([]byte("[[vary]]\n[[vary.choice]]\nlabel = 1\n[a.b.c]\nx.y = {z = [1, {w = 2}]}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := Experiment(text)
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%q", err)
		}
		if err == nil {
			if err := e.Validate(); err != nil {
				t.Error(err)
			}
		}
		if _, err := ReadSweep(text); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%q", err)
		}
	})
}
