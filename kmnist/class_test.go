package kmnist

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestClass(t *testing.T) {
	for _, c := range []struct {
		class       Class
		long, short string
	}{{Class{"お", "o"}, "お o", "お"}, {Class{"", "T-shirt"}, "T-shirt", "T-shirt"}, {Class{"A", "A"}, "A", "A"}} {
		if c.class.String() != c.long || c.class.Short() != c.short {
			t.Errorf("%q and %q, want %q and %q", c.class.String(), c.class.Short(), c.long, c.short)
		}
	}
	if got := Numbered(11)[10]; got != (Class{Name: "10"}) || len(Numbered(-1)) != 0 {
		t.Errorf("class 10 is %+v", got)
	}
	Characters()[0].Name = "changed"
	if Characters()[0].Name != "o" {
		t.Error("a caller changes the names for all")
	}
}

// Names are kept as JSON beside the weights, and read back as they were.
func TestClassesReadBack(t *testing.T) {
	classes := append(Characters(), Class{Name: "T-shirt/top"}, Class{Name: `"quoted" \ name`}, Class{"於", "o, old"})
	text, err := json.Marshal(classes)
	if err != nil {
		t.Fatal(err)
	}
	var back []Class
	if err := json.Unmarshal(text, &back); err != nil || !slices.Equal(back, classes) {
		t.Errorf("%v, %v, want %v", back, err, classes)
	}
	if !strings.HasPrefix(string(text), `["お\to","き\tki",`) {
		t.Errorf("%s", text)
	}
}

func TestClassRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "is empty",
		" \t ":                  "is empty",
		"お\t":                   "is empty",
		"a\x1b[2Jb":             `can't be printed: "a\x1b[2Jb"`,
		"a\tb\tc":               "can't be printed",
		"a\u202eb":              "can't be printed",
		"\xff":                  "not UTF-8",
		strings.Repeat("x", 61): "more than 60",
		strings.Repeat("お", 61): "more than 60",
		"x\t" + "two\nlines":    "can't be printed",
		"\x00":                  "can't be printed",
		"s\t" + "one\u2028two":  "can't be printed",
	} {
		var c Class
		if err := c.UnmarshalText([]byte(text)); err == nil || !strings.Contains(err.Error(), want) || c != (Class{}) {
			t.Errorf("%q is %+v with the error %v, want one with %q", text, c, err, want)
		}
	}
	var c Class
	if err := c.UnmarshalText([]byte(" お\t o \r")); err != nil || c != (Class{"お", "o"}) {
		t.Errorf("spaces around the names: %+v, %v", c, err)
	}
}
