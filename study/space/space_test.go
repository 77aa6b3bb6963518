package space

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"glyph/settings"
)

func axisOf(t testing.TB, name string, texts ...string) Axis {
	t.Helper()
	s, ok := settings.Find(name)
	if !ok {
		t.Fatal(name)
	}
	a, err := ParseAxis(s, texts)
	if err != nil {
		t.Fatalf("%s %q: %v", name, texts, err)
	}
	return a
}

func TestParseAxis(t *testing.T) {
	for _, c := range []struct {
		name  string
		texts []string
		want  Axis
	}{
		{"lr", []string{"0.03,0.1"}, Axis{"lr", []string{"0.03", "0.1"}, nil}},
		{"lr", []string{"0.03", "0.1, 3e-2"}, Axis{"lr", []string{"0.03", "0.1"}, nil}},
		{"lr", []string{"log:0.001..0.1"}, Axis{"lr", nil, &Range{0.001, 0.1, true, false}}},
		{"shift", []string{"0.5..2"}, Axis{"shift", nil, &Range{0.5, 2, false, false}}},
		{"batch", []string{"log:16..512"}, Axis{"batch", nil, &Range{16, 512, true, true}}},
		{"seed", []string{"1..3,7"}, Axis{"seed", []string{"1", "2", "3", "7"}, nil}},
		{"seed", []string{"18446744073709551615"}, Axis{"seed", []string{"18446744073709551615"}, nil}},
		{"hidden", []string{"128/256,64"}, Axis{"hidden", []string{"128", "256,64"}, nil}},
		{"hidden", []string{"128", "256, 64"}, Axis{"hidden", []string{"128", "256,64"}, nil}},
		{"dropout", []string{"0/0.2,0.50"}, Axis{"dropout", []string{"0", "0.2,0.5"}, nil}},
		{"optimizer", []string{"sgd,adam"}, Axis{"optimizer", []string{"sgd", "adam"}, nil}},
		{"weight-decay", []string{"0,0.1"}, Axis{"weight-decay", []string{"0", "0.1"}, nil}},
	} {
		got := axisOf(t, c.name, c.texts...)
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s %q: %+v, want %+v", c.name, c.texts, got, c.want)
		}
		if again := axisOf(t, c.name, got.String()); !reflect.DeepEqual(again, got) {
			t.Errorf("%s reads back as %+v", got, again)
		}
	}
}

func TestParseAxisRefuses(t *testing.T) {
	for _, c := range []struct {
		name, text, says string
	}{
		{"lr", "", "a value is empty"},
		{"lr", "0.1,", "a value is empty"},
		{"lr", "fast", "fast: want a number"},
		{"lr", "0.1/0.2", "commas between them"},
		{"lr", "0.1..0.01", "does not rise"},
		{"lr", "0.1..0.1", "does not rise"},
		{"lr", "log:0..1", "begins above 0"},
		{"lr", "log:0.1", "want two numbers, such as log:0.001..0.1"},
		{"lr", "a..b", "want two numbers"},
		{"lr", "0.1..Inf", "does not rise"},
		{"lr", "NaN..1", "does not rise"},
		{"lr", "0.1,0.2..0.3", "stands alone"},
		{"seed", "5..1", "write it as 1..5"},
		{"seed", "1..", "want two whole numbers"},
		{"seed", "0..10000", "more than 10,000 values"},
		{"batch", "log:1.5..4", "whole numbers"},
		{"hidden", "1..5", "takes whole numbers with commas"},
		{"hidden", "128/", "a value is empty"},
		{"hidden", "128;64", "want whole numbers"},
		{"optimizer", "a..b", "takes a name"},
		{"optimizer", "sgd,adm", "did you mean adam"},
	} {
		s, _ := settings.Find(c.name)
		_, err := ParseAxis(s, []string{c.text})
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s %q: %v, want %q", c.name, c.text, err, c.says)
		}
	}
	s, _ := settings.Find("lr")
	if _, err := ParseAxis(s, []string{"0.1..0.2", "0.3"}); err == nil || !strings.Contains(err.Error(), "stands alone") {
		t.Errorf("a range and a value: %v", err)
	}
}

func TestGrid(t *testing.T) {
	s := Space{Axes: []Axis{axisOf(t, "lr", "0.03,0.1"), axisOf(t, "hidden", "8/8,4"), axisOf(t, "momentum", "0.5,0.9"), axisOf(t, "seed", "1..3")}}
	points, err := s.Points(settings.Default())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range points {
		got = append(got, fmt.Sprint(p.LR, p.Hidden, *p.Momentum, p.Seed))
	}
	want := []string{"0.03 [8] 0.5 1", "0.03 [8] 0.9 1", "0.03 [8 4] 0.5 1", "0.03 [8 4] 0.9 1", "0.1 [8] 0.5 1", "0.1 [8] 0.9 1", "0.1 [8 4] 0.5 1", "0.1 [8 4] 0.9 1"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if seeds, err := s.Seeds(); err != nil || !slices.Equal(seeds, []uint64{1, 2, 3}) {
		t.Errorf("seeds %v, %v", seeds, err)
	}
	if v := s.Varied(); !slices.Equal(v, []string{"lr", "hidden", "momentum"}) {
		t.Errorf("varied %v", v)
	}
	for says, bad := range map[string]Space{
		"draw some with --random":   {Axes: []Axis{axisOf(t, "lr", "0.1..0.2")}},
		"more than 10,000":          {Axes: []Axis{axisOf(t, "epochs", "1..101"), axisOf(t, "batch", "1..100")}},
		"knows no setting colour":   {Axes: []Axis{Fixed("colour", "red")}},
		"lr has no value":           {Axes: []Axis{{Setting: "lr"}}},
		"lr x: want a number":       {Axes: []Axis{Fixed("lr", "x")}},
		"there is nothing to draw":  {Axes: []Axis{Fixed("lr", "1")}, Draw: 3},
		"at most 10,000 points can": {Axes: []Axis{axisOf(t, "lr", "1,2")}, Draw: 10_001},
	} {
		if _, err := bad.Points(settings.Default()); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// Draws cover a logarithmic range evenly in the logarithm, stay in their range, and
// are the same again, the first of them also when more are asked for.
func TestDraw(t *testing.T) {
	s := Space{Axes: []Axis{axisOf(t, "lr", "log:0.0001..1"), axisOf(t, "batch", "log:16..64"), axisOf(t, "shift", "0..2"), axisOf(t, "optimizer", "sgd,adam"), axisOf(t, "epochs", "3")}, Draw: 400, DrawSeed: 7}
	points, err := s.Points(settings.Default())
	if err != nil || len(points) != 400 {
		t.Fatalf("%d points, %v", len(points), err)
	}
	decades, adam, batches := [4]int{}, 0, map[int]bool{}
	for _, p := range points {
		if p.LR < 0.0001 || p.LR > 1 || p.Batch < 16 || p.Batch > 64 || p.Augment.Shift < 0 || p.Augment.Shift > 2 || p.Epochs != 3 {
			t.Fatalf("out of its range: %+v", p)
		}
		if text := strconv.FormatFloat(p.LR, 'e', -1, 64); len(text) > len("1.23e-04") {
			t.Errorf("lr %s has more than 3 digits", text)
		}
		decades[min(3, int(math.Log10(p.LR)+4))]++
		batches[p.Batch] = true
		if p.Optimizer == "adam" {
			adam++
		}
	}
	for i, n := range decades {
		if n < 70 || n > 130 { // 100 expected, σ 8.7
			t.Errorf("%d of 400 rates in decade %d", n, i)
		}
	}
	if adam < 150 || adam > 250 || len(batches) < 20 {
		t.Errorf("adam %d times; %d batch sizes", adam, len(batches))
	}
	more := s
	more.Draw = 500
	if again, _ := more.Points(settings.Default()); !reflect.DeepEqual(again[:400], points) {
		t.Error("with more draws the first are others")
	}
	other := s
	other.DrawSeed = 8
	if again, _ := other.Points(settings.Default()); reflect.DeepEqual(again, points) {
		t.Error("another seed draws the same")
	}
	// A space with fewer points than draws gives each once.
	few := Space{Axes: []Axis{axisOf(t, "lr", "1,2,3"), axisOf(t, "batch", "1,2")}, Draw: 50}
	if points, err := few.Points(settings.Default()); err != nil || len(points) != 6 {
		t.Errorf("%d points of 6, %v", len(points), err)
	}
	// Known draws: another way to draw would make shards of two versions disagree.
	known := Space{Axes: s.Axes[:1], Draw: 3, DrawSeed: 1}
	points, _ = known.Points(settings.Default())
	if got := fmt.Sprint(points[0].LR, points[1].LR, points[2].LR); got != knownDraws {
		t.Errorf("drawn %s, want %s", got, knownDraws)
	}
}

const knownDraws = "0.0247 0.000227 0.0727"

// A space reads back from JSON.
func TestSpaceJSON(t *testing.T) {
	s := Space{Axes: []Axis{axisOf(t, "lr", "log:0.0001..1"), axisOf(t, "hidden", "8/8,4"), axisOf(t, "batch", "log:16..64")}, Draw: 5, DrawSeed: 7}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var again Space
	if err := json.Unmarshal(text, &again); err != nil || !reflect.DeepEqual(again, s) {
		t.Errorf("%s reads back as %+v, %v", text, again, err)
	}
}

// No text makes ParseAxis panic or accept what Points refuses.
func FuzzParseAxis(f *testing.F) {
	for _, text := range []string{"0.1,0.2", "log:1..5", "1..5", "128/256,64", "adam", "..", "log:..", "1..1e9"} {
		f.Add("lr", text)
		f.Add("hidden", text)
		f.Add("seed", text)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		s, ok := settings.Find(name)
		if !ok {
			return
		}
		a, err := ParseAxis(s, []string{text})
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		space := Space{Axes: []Axis{a}}
		if a.Range != nil {
			space.Draw = 3
		}
		if _, err := space.Points(settings.Default()); err != nil && name != "seed" {
			t.Errorf("%q was accepted: %v", text, err)
		}
	})
}
