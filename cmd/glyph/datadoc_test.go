package main

import (
	"encoding/json"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"glyph/recognise"
)

// Every command of docs/data.md works on data like that it speaks of, one after the
// other, and names the classes.
func TestCommandsOfTheDataPage(t *testing.T) {
	text := string(read(t, "../../docs/data.md"))
	commands := regexp.MustCompile("(?m)^bin/glyph (.*)$").FindAllStringSubmatch(text, -1)
	if len(commands) < 10 {
		t.Fatalf("found only %d commands", len(commands))
	}
	t.Chdir(t.TempDir())
	writeDataOfThePage(t)
	printed := map[string]string{}
	for _, c := range commands {
		args := strings.Fields(c[1])
		if args[0] == "train" && !strings.Contains(c[1], "--data pictures --size 32 ") {
			args = append(args, "--report=false") // drawing takes longer than everything else, and once is enough
		}
		out, errOut, status := runGlyph(t, args...)
		if status != 0 {
			t.Fatalf("glyph %s: status %d, %s%s", c[1], status, out, errOut)
		}
		printed[c[1]] = out
	}
	for command, want := range map[string][]string{
		"train --data k49 ":                    {"49 classes", "classes  あ a, い i, ", "and 37 more\n", ", balanced accuracy "},
		"eval runs/k49":                        {"ゑ we", "balanced accuracy"},
		"data pack kkanji2 ":                   {"12 classes", "images of 64×64"},
		"train --data kanji ":                  {"12 classes"},
		"train --data fashion ":                {"Sneaker, Bag, Ankle boot\n"},
		"train --data gzip/":                   {"turned upright", "26 classes"},
		"predict runs/pictures ":               {"  ka "},
		"data pack pictures ":                  {"27 training images, 3 test images, 32×32, 3 classes"},
		"train --data packed ":                 {"24 training images"},
		"train --data pictures --size 32x32x3": {"images of 32×32×3, scaled, in colour", "classes  ka, ki, ku\n"},
	} {
		for line, out := range printed {
			if !strings.HasPrefix(line, command) {
				continue
			}
			for _, part := range want {
				if !strings.Contains(out, part) {
					t.Errorf("glyph %s: no %q in\n%s", line, part, out)
				}
			}
			delete(printed, line)
		}
	}
	for run, name := range map[string]string{"runs/kanji": `"丄 U+4E04"`, "runs/fashion": `"Ankle boot"`, "runs/letters": `"Z"`, "runs/k49": `"ゝ iteration"`} {
		if summary := string(read(t, filepath.Join(run, "summary.json"))); !strings.Contains(summary, name) {
			t.Errorf("%s does not name %s", run, name)
		}
		out, errOut, status := runGlyph(t, "eval", run, "--backend", "cpu")
		if status != 0 || !strings.Contains(out, "\n"+strings.Fields(strings.Trim(name, `"`))[0]) {
			t.Errorf("eval of %s does not name %s: %s%s", run, name, out, errOut)
		}
		var p recognise.Prediction
		out, errOut, status = runGlyph(t, "predict", run, "pictures/ka/1.png", "--json")
		if err := json.Unmarshal([]byte(out), &p); err != nil || status != 0 || !strings.Contains(string(read(t, filepath.Join(run, "summary.json"))), p.Top[0].Class().String()) {
			t.Errorf("predict with %s: %v, %s%s", run, err, out, errOut)
		}
	}
	// What is packed above trains as it is, too.
	if out, errOut, status := runGlyph(t, "train", "--data", "kkanji2", "--model", "linear", "--epochs", "1", "--report=false", "--out", "none"); status != 0 || !strings.Contains(out, "classes  一 U+4E00, 丁 U+4E01") {
		t.Errorf("the folder of kanji: status %d, %s%s", status, out, errOut)
	}
}

// writeDataOfThePage writes small data like those of docs/data.md, by the names that
// they have there.
func writeDataOfThePage(t *testing.T) {
	t.Helper()
	for _, dir := range []string{"k49", "gzip", "fashion"} {
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	unbalanced49(t, "k49")
	letters(t, "gzip")
	idxSet(t, "gzip", "emnist-digits-", 10, 0, 2, true)
	idxSet(t, "fashion", "", 10, 0, 12, false)
	gallery(t, "pictures", []string{"ka", "ki", "ku"}, 10, anyShape)
	var codes []string
	for i := range 12 {
		codes = append(codes, fmt.Sprintf("U+%04X", 0x4e00+i))
	}
	gallery(t, "kkanji2", codes, 2, func(class int, r *rand.Rand) image.Image { return shape(class%3, 64, 64, r) })
}

// What can't be read or trained ends with one line.
func TestBadDataOfOnesOwn(t *testing.T) {
	root := t.TempDir()
	folder := func(name string, fill func(dir string)) string {
		dir := filepath.Join(root, name)
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		fill(dir)
		return dir
	}
	few := folder("few", func(dir string) { gallery(t, dir, shapes, 5, anyShape) })
	many := folder("many", func(dir string) {
		var names []string
		for i := range 257 {
			names = append(names, fmt.Sprint(i))
		}
		dot := image.NewGray(image.Rect(0, 0, 3, 3))
		dot.Pix[4] = 255
		gallery(t, dir, names, 1, func(int, *rand.Rand) image.Image { return dot })
	})
	damaged := folder("damaged", func(dir string) {
		gallery(t, dir, shapes, 5, anyShape)
		write(t, filepath.Join(dir, "ring", "2.jpg"), []byte("no picture"))
	})
	one := folder("one", func(dir string) { gallery(t, dir, shapes[:1], 5, anyShape) })
	single := folder("single", func(dir string) { gallery(t, dir, shapes, 1, anyShape) })
	half := folder("half", func(dir string) {
		gallery(t, filepath.Join(dir, "train"), shapes, 2, anyShape)
		if err := os.Mkdir(filepath.Join(dir, "test"), 0o777); err != nil {
			t.Fatal(err)
		}
	})
	plain := folder("plain", func(dir string) {
		gallery(t, dir, []string{"black", "white"}, 3, func(class int, _ *rand.Rand) image.Image {
			return image.NewGray(image.Rect(0, 0, 9+class, 9))
		})
	})
	used := folder("used", func(dir string) { write(t, filepath.Join(dir, "x"), nil) })
	tiny := tinyData(t)
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"257 classes":     {[]string{"train", "--data", many}, "has 257 sub-folders with pictures, and there can be 256 classes; glyph data pack DIR --top 256"},
		"a damaged one":   {[]string{"train", "--data", damaged}, "2.jpg: is not a PNG, JPEG or GIF picture (it looks like plain text); replace or remove it"},
		"one class":       {[]string{"train", "--data", one}, "pictures in one sub-folder only"},
		"single pictures": {[]string{"train", "--data", single}, "has no class with two pictures"},
		"empty test":      {[]string{"train", "--data", half}, "has no pictures in the sub-folders of test"},
		"blank pictures":  {[]string{"train", "--data", plain}, "has nothing but pictures without ink to find; for colours"},
		"nothing":         {[]string{"train", "--data", used}, "or one with a sub-folder of PNG or JPEG pictures for each class"},
		"a bad size":      {[]string{"train", "--data", few, "--size", "28x28x4"}, `--size: "28x28x4" is not a size`},
		"a vast size":     {[]string{"train", "--data", few, "--size", "300"}, `"300" is not a size; want 28, 32x24`},
		"a size of files": {[]string{"train", "--data", tiny, "--size", "28"}, "--size is for a folder of pictures"},
		"too small":       {[]string{"train", "--data", few, "--size", "4x4x3", "--model", "cnn"}, "4×4×3 in 3 classes: "},
		"packed again":    {[]string{"data", "pack", few, "--out", used}, "there is something in it already"},
		"pack to nowhere": {[]string{"data", "pack", few}, "--out DIR is missing"},
		"pack files":      {[]string{"data", "pack", tiny, "--test", "0.5", "--out", filepath.Join(root, "new")}, "--test is for a folder of pictures"},
		"pack a share":    {[]string{"data", "pack", few, "--test", "1", "--out", filepath.Join(root, "new")}, "--test must be between 0 and 1"},
	} {
		out, errOut, status := runGlyph(t, c.args...)
		if status != 1 || !strings.Contains(errOut, c.want) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%s: status %d, want %q, got %s%s", name, status, c.want, out, errOut)
		}
	}
}
