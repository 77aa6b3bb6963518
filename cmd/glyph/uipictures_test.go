package main

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"glyph/cmd/glyph/internal/flags"
	"glyph/device"
	"glyph/internal/browser"
	"glyph/runs"
	"glyph/runs/board"
)

// TestPicturesOfRuns makes the pictures of the page of all runs, and of the run named cnn
// its figures: make pictures. GLYPH_RUNS is the directory of the runs, which has a sweep.
func TestPicturesOfRuns(t *testing.T) {
	dir, root := os.Getenv("GLYPH_PICTURES"), os.Getenv("GLYPH_RUNS")
	if dir == "" || root == "" {
		t.Skip("GLYPH_PICTURES and GLYPH_RUNS are not set")
	}
	save := func(name string, picture []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name+".png"), fewColours(t, picture), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"curves", "confusion"} {
		picture, err := os.ReadFile(filepath.Join(root, "cnn", runs.PlotsDir, name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		save(name, picture)
	}
	address := runsPage(t, root)
	const charts = `slots.size === S.selected.size && document.querySelectorAll("#charts canvas").length > 1`
	const chosen = `([0, 4, 9, 14].map(i => select(rowsNow[Math.min(i, rowsNow.length - 1)].name)), "")`
	const mistakes = `(open("cnn"), "")`
	for _, v := range []struct {
		name, hash string
		screen     browser.Screen
		do, until  string // what is done, and what is then waited for
	}{
		{"ui-runs", "sort=-test", laptop, chosen, charts},
		{"ui-dark", "sort=-test&log=1&smooth=0.4", darkLaptop, chosen, charts},
		{"ui-diff", "tab=diff&sort=-test", laptop, chosen, `document.querySelectorAll(".diff .changed").length > 0`},
		{"ui-groups", "tab=groups&q=model%3Dmlp+lr<1", laptop, "", `document.querySelector("#group-chart canvas") !== null`},
		{"ui-sweeps", "tab=studies", laptop, "", `document.querySelectorAll(".interval").length > 0`},
		{"ui-mistakes", "", laptop, mistakes, `document.querySelectorAll(".pictures img").length > 0`},
		{"ui-phone", "", darkPhone, mistakes, `document.querySelectorAll(".pictures img").length > 0`},
	} {
		p := browser.Open(t, address+"#"+v.hash, v.screen)
		p.Until(`S.complete && rowsNow.length > 3`)
		if v.do != "" {
			p.Text(v.do)
		}
		if v.do == mistakes {
			p.Until(`document.querySelector("[data-part=mistakes]") !== null`)
			p.Text(`document.querySelector("[data-part=mistakes]").click()`)
		}
		p.Until(v.until)
		p.Until(`[...document.images].every(i => i.complete)`)
		save(v.name, p.Shot())
	}
}

// runsPage serves the page of all runs, and returns its address.
func runsPage(t *testing.T, root string) string {
	t.Helper()
	n := networks{flags.Backend{Choice: device.Choice{Kind: "cpu"}}}
	b, err := board.New(board.Options{Root: root, Review: n.review, Draw: n.draw})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	h, err := b.Handler(ctx)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { b.Follow(ctx); close(ended) }()
	address := browser.Serve(t, h)
	t.Cleanup(func() { // before the server waits for its connections
		cancel()
		<-ended
	})
	return address
}

// fewColours is a picture of at most 255 colours, which is a smaller file.
func fewColours(t *testing.T, picture []byte) []byte {
	t.Helper()
	a := animation{t: t}
	a.add(picture, 0)
	f := a.frames[0]
	p, nearest := a.palette()
	small := image.NewPaletted(f.Rect, p[:len(p)-1])
	for i := range small.Pix {
		small.Pix[i] = nearest[keyAt(f, i)]
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, small); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
