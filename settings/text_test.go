package settings

import (
	"reflect"
	"strings"
	"testing"
)

// Every setting's value is written as text that reads back the same.
func TestTextReadsBack(t *testing.T) {
	for _, s := range All() {
		set := Default()
		set.Optimizer = "adamw"
		changed(t, s, &set)
		text := s.Text(&set)
		if text == "" {
			t.Errorf("%s has no text", s.Name)
		}
		again := Default()
		again.Optimizer = "adamw"
		if err := s.Set(&again, text); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
		if !reflect.DeepEqual(set, again) {
			t.Errorf("%s: %q reads back as %q", s.Name, text, s.Text(&again))
		}
		if found, ok := Find(s.Name); !ok || found.Name != s.Name {
			t.Errorf("%s is not found", s.Name)
		}
	}
	for _, v := range []float32{0.1, 1e-20, 3.4028235e38, 12} {
		one, two := Default(), Default()
		one.Augment.Shift = v
		s, _ := Find("shift")
		if err := s.Set(&two, s.Text(&one)); err != nil || two.Augment.Shift != v {
			t.Errorf("%v reads back as %v, %v", v, two.Augment.Shift, err)
		}
	}
}

func TestSetRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, says string }{
		{"epochs", "many", "many: want a whole number"},
		{"epochs", "1.5", "want a whole number"},
		{"epochs", "", `"": want a whole number`},
		{"seed", "-1", "want a whole number"},
		{"lr", "fast", "fast: want a number"},
		{"momentum", "\x1b", "want a number"},
		{"shift", "two", "two: want a number"},
		{"hidden", "256,", "want whole numbers with commas"},
		{"hidden", "", "want whole numbers with commas"},
		{"dropout", "0.1;0.2", "want numbers with commas"},
		{"optimizer", "adm", "did you mean adam?"},
		{"optimizer", "lion-of-judah", "want sgd, "},
		{"activation", "swish:1", "want none, "},
	} {
		s, ok := Find(c.name)
		if !ok {
			t.Fatal(c.name)
		}
		set := Default()
		err := s.Set(&set, c.text)
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Errorf("%s %q: %v, want %q", c.name, c.text, err, c.says)
		}
	}
	s, _ := Find("activation")
	set := Default()
	if err := s.Set(&set, "leaky-relu:0.2"); err != nil {
		t.Error(err)
	}
	if _, ok := Find("colour"); ok {
		t.Error("found a setting that there is not")
	}
}
