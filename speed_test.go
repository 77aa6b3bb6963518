package glyph_test

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// speedChart is the chart of README.md.
const speedChart = "docs/pictures/speed.svg"

// speed is what Glyph and PyTorch reach on a network, in images a second.
type speed struct {
	network      string
	batch        int
	glyph, torch float64
}

// label names a row of the chart.
func (s speed) label() string { return fmt.Sprintf("%s, batch %d", s.network, s.batch) }

var measured = regexp.MustCompile(`^\| (\S+) \| (\d+) \| (glyph|torch) \| ([\d,]+) \|`)

// speeds reads the tables of BENCHMARKS.md with AVX-512 beside other software.
func speeds(t *testing.T, text string) (all []speed) {
	t.Helper()
	_, text, found := strings.Cut(text, "### Beside other software")
	text, _, ends := strings.Cut(text, "Products with OpenBLAS")
	if !found || !ends {
		t.Fatal("BENCHMARKS.md has no section beside other software")
	}
	avx2 := false
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "AVX2 ("):
			avx2 = true
		case strings.HasPrefix(line, "`vgg` and `resnet`"):
			avx2 = false
		}
		m := measured.FindStringSubmatch(line)
		if m == nil || avx2 {
			continue
		}
		batch, _ := strconv.Atoi(m[2])
		n, err := strconv.ParseFloat(strings.ReplaceAll(m[4], ",", ""), 64)
		if err != nil {
			t.Fatal(err)
		}
		if m[3] == "glyph" {
			all = append(all, speed{network: m[1], batch: batch, glyph: n})
		} else if last := &all[len(all)-1]; last.network == m[1] && last.batch == batch {
			last.torch = n
		}
	}
	return all
}

// drawSpeeds is a chart of bars: PyTorch's are all as long, and Glyph's as many times as
// it is faster. It follows the reader's light or dark mode, and its colours are apart for
// colour-blind people too (Okabe & Ito 2008).
func drawSpeeds(all []speed) []byte {
	const row, top, unit = 40, 52, 100
	const letter = 9 // pixels of a letter in the widest of the fonts that browsers take
	most, left := 0.0, 0
	for _, s := range all {
		most, left = max(most, s.glyph/s.torch), max(left, 10+letter*len(s.label()))
	}
	var b bytes.Buffer
	width, height := left+int(most*unit)+70, top+row*len(all)+6
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="Training speed of Glyph beside PyTorch">
<style>
text { font: 14px system-ui, sans-serif; fill: #1a1a1a } .soft { fill: #595959; font-size: 13px } .bold { font-weight: 600 }
.glyph { fill: #0072b2 } .torch { fill: #b9b6ad }
@media (prefers-color-scheme: dark) { text { fill: #ececec } .soft { fill: #b4b4b4 } .glyph { fill: #56b4e9 } .torch { fill: #5c6166 } }
</style>
<text class="bold" x="0" y="18">Training speed in images per second, relative to PyTorch</text>
<rect class="glyph" x="%d" y="30" width="12" height="12"/><text class="soft" x="%d" y="41">Glyph</text>
<rect class="torch" x="%d" y="30" width="12" height="12"/><text class="soft" x="%d" y="41">PyTorch 2.15</text>
`, width, height, width, height, left, left+17, left+70, left+87)
	for i, s := range all {
		y, factor := top+row*i, s.glyph/s.torch
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>
<rect class="glyph" x="%d" y="%d" width="%.1f" height="15" rx="2"/><text class="bold" x="%.1f" y="%d">%.1f×</text>
<rect class="torch" x="%d" y="%d" width="%d" height="11" rx="2"/>
`, left-10, y+19, s.label(), left, y+2, factor*unit, float64(left)+factor*unit+8, y+15, factor, left, y+19, unit)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// TestSpeedChart holds the chart to the figures of BENCHMARKS.md. With GLYPH_PICTURES set
// it is drawn again: make pictures.
func TestSpeedChart(t *testing.T) {
	text, err := os.ReadFile("BENCHMARKS.md")
	if err != nil {
		t.Fatal(err)
	}
	all := speeds(t, string(text))
	if len(all) < 6 {
		t.Fatalf("BENCHMARKS.md compares only %v", all)
	}
	for _, s := range all {
		if s.torch == 0 {
			t.Fatalf("BENCHMARKS.md has no figure of PyTorch for %s at batch %d", s.network, s.batch)
		}
	}
	want := drawSpeeds(all)
	if os.Getenv("GLYPH_PICTURES") != "" {
		if err := os.WriteFile(speedChart, want, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(speedChart); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what BENCHMARKS.md says (%v): make pictures draws it again", speedChart, err)
	}
}

// The ratios in README.md are those of the tables, and its columns name what was measured.
func TestSpeedsOfTheReadme(t *testing.T) {
	const head = "| | PyTorch 2.15 | NumPy 2.4 | JAX 0.10 | Keras, TensorFlow 2.21 | PyTorch, AVX2 only |\n"
	columns := []string{"torch", "numpy", "jax", "keras", "torch avx2"}
	readme, text := readText(t, "README.md"), readText(t, "BENCHMARKS.md")
	if !strings.Contains(readme, head) || !strings.Contains(text, "PyTorch 2.15.0, NumPy 2.4.6,\nKeras on TensorFlow 2.21.0, JAX 0.10.2") {
		t.Error("README.md and BENCHMARKS.md don't name the same software")
	}
	_, text, _ = strings.Cut(text, "### Beside other software")
	ratios, glyph, isa := map[string]float64{}, 0.0, ""
	cells := regexp.MustCompile(`^\| (\w+) \| (\d+) \| (\w+) \| ([\d,]+) \|`)
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "AVX2 ("):
			isa = " avx2"
		case strings.HasPrefix(line, "`vgg` and `resnet`"):
			isa = ""
		case strings.HasPrefix(line, "Products with OpenBLAS"):
			isa = " of another table"
		}
		if m := cells.FindStringSubmatch(line); m != nil {
			n, _ := strconv.ParseFloat(strings.ReplaceAll(m[4], ",", ""), 64) // digits and commas
			if m[3] == "glyph" {
				glyph = n
			}
			ratios[m[1]+" "+m[2]+" "+m[3]+isa] = glyph / n
		}
	}
	row, found := regexp.MustCompile(`(?m)^\| (\w+), batch (\d+) \|(.*)\|$`), 0
	for _, m := range row.FindAllStringSubmatch(readme, -1) {
		for i, cell := range strings.Split(m[3], "|") {
			said := strings.TrimSuffix(strings.TrimSpace(cell), " times")
			if said == "" {
				continue
			}
			found++
			_, digits, _ := strings.Cut(said, ".")
			of := m[1] + " " + m[2] + " " + columns[i]
			if want := strconv.FormatFloat(ratios[of], 'f', len(digits), 64); said != want {
				t.Errorf("%s: README.md says %s times, and the tables %s", of, said, want)
			}
		}
	}
	if found < 18 {
		t.Errorf("found only %d ratios", found)
	}
}
