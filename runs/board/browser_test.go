package board

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glyph/cpu"
	"glyph/internal/browser"
	"glyph/kmnist"
	"glyph/runs"
	"glyph/runs/review"
	"glyph/study"
)

// follow serves a board with all that it offers, and follows its directory.
func follow(t testing.TB, root string) string {
	t.Helper()
	pad := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("a page to draw on, at " + r.URL.Path)) }) //nolint:errcheck // in a test
	b, err := New(Options{
		Root: root, Base: "/glyph",
		Review: func(ctx context.Context, dir string) (*review.Review, error) {
			w, err := runs.OpenWeights(dir)
			if err != nil {
				return nil, err
			}
			device := cpu.New[float32](1)
			defer device.Close() //nolint:errcheck // in a test
			return review.Evaluate(ctx, device, w, kmnist.Synthetic(kmnist.DefaultSeed, 10, 200))
		},
		Draw: func(_ context.Context, dir string) (http.Handler, func(), error) {
			if regular(filepath.Join(dir, "damaged")) {
				return nil, nil, errors.New("the weights are <damaged>")
			}
			return pad, func() {}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	h, err := b.Handler(ctx)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { b.Follow(ctx); close(ended) }()
	address := browser.Serve(t, h)
	t.Cleanup(func() { // before the server waits for its connections
		stop()
		<-ended
	})
	return address + "glyph/"
}

var laptop = browser.Screen{Width: 1280, Height: 720}

const rowNames = `[...document.querySelectorAll("#table tbody tr")].map(r => r.dataset.name).join(" ")`

// A person filters, selects, compares, tags, deletes and undoes; a training that begins
// and goes on appears by itself.
func TestPage(t *testing.T) {
	root, names := some(t, 30, 5)
	weigh(t, filepath.Join(root, names[0]))
	p := browser.Open(t, follow(t, root), laptop)
	p.Until(`document.querySelectorAll("#table tbody tr").length === 30 && document.querySelectorAll("#charts canvas").length === 2`)

	// The filter, with its completion, by keys.
	p.Press("/")
	p.Type("lr>0.02 mod")
	p.Until(`!document.getElementById("suggest").hidden && document.querySelector("#suggest li").textContent.startsWith("model=")`)
	p.Press("Tab")
	p.Until(`document.getElementById("filter").value === "lr>0.02 model="`)
	p.Type("cnn")
	p.Press("Enter")
	p.Until(`document.getElementById("count").textContent === "10 of 30" && document.activeElement.id === "wrap"`)

	// Two runs, what differs, and their curves.
	for _, key := range []string{"j", "x", "ArrowDown", " "} {
		p.Press(key)
	}
	p.Until(`document.querySelectorAll("#table [aria-selected=true]").length === 2`)
	p.Until(`[...charts.values()].every(c => new Set(c.lines.map(l => l.name)).size === 2 && c.marks.length === 2)`)
	p.Press("e") // by step, with the lines between the epochs
	p.Until(`[...charts.values()].every(c => c.lines.some(l => l.part === "train" && l.x.length === 50 && l.x[49] === 150))`)
	p.Press("e")
	p.Until(`[...charts.values()].every(c => c.lines.every(l => l.x.length === 5 && l.x[4] === 2.5))`)
	p.Press("c")
	p.Until(`document.querySelectorAll("#view-diff thead th").length === 2`)
	if text := p.Text(`document.getElementById("view-diff").innerText`); !strings.Contains(text, "lr") || strings.Contains(text, "optimizer") || strings.Contains(text, "epochs done") {
		t.Errorf("what differs: %s", text)
	}

	// Groups: means over the seeds, and a line a run.
	p.Press("3")
	p.Until(`parallel && parallel.lines.length === 10 && document.querySelectorAll("#group-table tbody tr").length === 2`)
	p.Until(`charts.has(document.getElementById("group-chart")) && charts.get(document.getElementById("group-chart")).plot.data.length === 7`)
	if text := p.Text(`document.getElementById("group-table").innerText`); !strings.Contains(text, "±") {
		t.Errorf("groups: %s", text)
	}
	p.Do(`setFilter("")`)
	checkPartial(t, p, names[0])
	checkTouch(t, p)
	checkStudies(t, p, root)
	checkRun(t, p, root, names[0])
	checkKeys(t, p)
	checkChanges(t, p, root, names)
	checkLive(t, p, root)
	if text := p.Text(`document.getElementById("toast").hidden || document.getElementById("toast").innerText`); strings.Contains(text, "server") {
		t.Errorf("the page says %s", text)
	}
}

// checkTouch zooms a chart with two fingers: what was under them stays under them, and a
// double tap shows all again.
func checkTouch(t *testing.T, p browser.Tab) {
	t.Helper()
	p.Press("1")
	p.Until(`charts.has(document.querySelector("#charts .chart"))`)
	p.Do(`const u = [...charts.values()].find(c => c.plot.root.closest("#charts")).plot, box = u.over.getBoundingClientRect(), w = box.width;
		window.fingers = u;
		window.finger = (type, id, x) => u.over.dispatchEvent(new PointerEvent(type, { pointerType: "touch", pointerId: id, clientX: box.left + x * w, clientY: box.top + 20, bubbles: true }));
		finger("pointerdown", 1, 0.5); finger("pointerdown", 2, 0.75);
		finger("pointermove", 1, 0.25); finger("pointermove", 2, 0.75);
		finger("pointerup", 1, 0.25); finger("pointerup", 2, 0.75);`)
	// What was at a half and three quarters is now at one quarter and three, so that half of it is seen.
	p.Do(`const x = fingers.data[0]; window.part = v => (v - x[0]) / (x[x.length - 1] - x[0]);`)
	p.Until(`Math.abs(part(fingers.scales.x.min) - 0.375) < 0.01 && Math.abs(part(fingers.scales.x.max) - 0.875) < 0.01`)
	p.Do(`for (let i = 0; i < 2; i++) { finger("pointerdown", 3, 0.5); finger("pointerup", 3, 0.5); }`)
	p.Until(`part(fingers.scales.x.min) === 0 && part(fingers.scales.x.max) === 1`)
}

// checkStudies puts a sweep and a study beside the runs: the tab shows the leaderboard
// with its spread, and the report.
func checkStudies(t *testing.T, p browser.Tab, root string) {
	t.Helper()
	putStudies(t, root)
	p.Do(`findStudies()`)
	p.Until(`!document.getElementById("tab-studies").hidden`)
	p.Press("4") // the tabs are numbered as they stand, once this one is there
	p.Until(`document.querySelectorAll("#view-studies tbody tr").length === 2 && document.querySelectorAll("#view-studies circle").length === 5`)
	if text := p.Text(`document.getElementById("view-studies").innerText`); !strings.Contains(text, "86.50 ± 0.71") || !strings.Contains(text, "glyph train --lr 0.03 --data '") || !strings.Contains(text, "6 trainings · 1 missing · 3 seeds") || strings.Contains(text, "undefined") || strings.Contains(text, "NaN") {
		t.Errorf("the sweep: %s", text)
	}
	if lit := p.Text(`(() => { const c = document.querySelector("#sweep-parallel canvas"); return c.getContext("2d").getImageData(0, 0, c.width, c.height).data.some(v => v > 0); })()`); lit != "true" {
		t.Error("the sweep has no parallel coordinates")
	}
	p.Do(`const s = document.getElementById("study-name"); s.value = "whole"; s.onchange({ target: s });`)
	p.Until(`document.querySelector("#view-studies iframe")?.src.endsWith("/glyph/study/whole")`)
}

// checkPartial holds that what was chosen for the groups stays while not all runs are
// read.
func checkPartial(t *testing.T, p browser.Tab, name string) {
	t.Helper()
	p.Do(`S.over = "lr"; receive({ ...S, complete: false, runs: [], names: [` + browser.Quoted(name) + `] })`)
	p.Do(`drawView()`)
	p.Do(`ask("api/runs").then(receive)`)
	p.Until(`S.complete && S.rows.size === 30`)
	p.Until(`document.getElementById("g-over").value === "lr"`)
}

// checkRun opens a run: its matrix, the mistakes behind a cell, its report and its
// drawing page.
func checkRun(t *testing.T, p browser.Tab, root, name string) {
	t.Helper()
	p.Do(`open("` + name + `")`)
	p.Until(`document.querySelectorAll(".run-charts canvas").length >= 4`)
	p.Do(`document.querySelector("[data-part=mistakes]").click()`)
	p.Until(`document.querySelectorAll(".matrix button").length === 2 && document.querySelectorAll(".pictures img").length === 60`)
	p.Do(`document.querySelector(".pictures button").click()`)
	p.Press("ArrowRight")
	p.Until(`document.getElementById("dialog").innerText.includes("2 of 60")`)
	p.Do(`window.firstMistake = mistakesNow[0]; document.getElementById("dialog").close(); document.querySelector(".matrix button").click()`)
	p.Until(`document.querySelector(".mistakes").innerText.includes("taken for") && document.querySelectorAll("#all-mistakes").length === 1`)
	p.Do(`mistakeFilter = [firstMistake.label, firstMistake.predicted]; changed()`)
	p.Until(`mistakesNow.length > 0 && mistakesNow.length < 60 && mistakesNow.every(m => m.label === firstMistake.label && m.predicted === firstMistake.predicted)`)
	write(t, filepath.Join(root, name), "damaged", nil)
	p.Do(`document.querySelector("[data-part=draw]").click()`)
	p.Until(`document.querySelector("#view-run .run-body").innerText === "the weights are <damaged>"`)
	if err := os.Remove(filepath.Join(root, name, "damaged")); err != nil {
		t.Fatal(err)
	}
	p.Do(`document.querySelector("[data-part=draw]").click()`)
	p.Until(`document.querySelector("#view-run iframe")?.contentDocument?.body?.innerText === "a page to draw on, at /"`)
	p.Do(`document.querySelector("[data-part=report]").click()`)
	p.Until(`document.querySelector("#view-run iframe")?.src.includes("/glyph/report/")`)
	p.Do(`S.selected = new Set(["gone", ...[...S.rows.keys()].filter(n => n !== "` + name + `").slice(0, 2)])`)
	p.Press("h") // is for the run that is open, and not for the selected ones
	p.Until(`S.rows.get("` + name + `").hidden`)
	p.Press("h")
	p.Until(`!S.rows.get("` + name + `").hidden && S.selected.size === 3 && ![...S.rows.values()].some(r => r.hidden)`)
	p.Press("1")
	if got := p.Text(`chosen()`); strings.Contains(got, "gone") || strings.Count(got, ",") != 1 {
		t.Errorf("an action would be for %s", got)
	}
}

// checkKeys sorts the table and zooms the curves without a mouse: on the page of all runs and
// on that of one, which has the same controls.
func checkKeys(t *testing.T, p browser.Tab) {
	t.Helper()
	if got := p.Text(`[...document.querySelectorAll("#table thead button")].every(b => b.tabIndex === 0)`); got != "true" {
		t.Error("Tab passes over the headings")
	}
	p.Do(`setFilter(""); document.getElementById("filter").focus()`)
	p.Until(`!document.getElementById("suggest").hidden`)
	p.Type("\t") // goes on, and takes none of the completions that are offered
	p.Until(`document.activeElement.id !== "filter"`)
	if got := p.Text(`document.getElementById("filter").value`); got != "" {
		t.Errorf("Tab filters by %s", got)
	}
	p.Do(`document.querySelector("[data-sort=test]").focus()`)
	p.Type("\r")
	p.Until(`S.sort === "test" && S.down && document.activeElement.dataset.sort === "test"`)
	p.Type(" ")
	p.Until(`S.sort === "test" && !S.down && document.activeElement.dataset.sort === "test"`)
	p.Do(`S.sort = "started"; S.down = true; changed(); window.range = () => { const { min, max } = [...charts.values()].find(c => c.plot.root.checkVisibility()).plot.scales.x; return [min, max].join(" "); }`)
	p.Until(`[...charts.values()].some(c => c.plot.root.checkVisibility())`)
	p.Do(`document.getElementById("wrap").focus(); window.all = range()`)
	p.Press("+")
	p.Until(`range() !== all && !document.getElementById("unzoom").hidden`)
	p.Do(`window.zoomed = range()`)
	p.Press("]")
	p.Until(`range() !== zoomed`)
	p.Press("0")
	p.Until(`range() === all && document.getElementById("unzoom").hidden`)
	p.Do(`open([...S.rows.keys()][0]); document.querySelector("[data-part=overview]").click()`)
	p.Until(`document.querySelector(".run-tools #log") !== null && document.querySelectorAll(".run-charts canvas").length >= 4`)
	p.Do(`document.getElementById("log").click()`)
	p.Until(`S.log && document.querySelector(".run-charts .u-title").textContent === "Error, %"`)
	p.Do(`document.getElementById("log").click()`)
	p.Press("1")
	p.Until(`!S.log && document.querySelector("#curves #log") !== null`)
}

// checkChanges tags, hides and deletes runs, and undoes it.
func checkChanges(t *testing.T, p browser.Tab, root string, names []string) {
	t.Helper()
	p.Do(`S.selected.clear(); moveTo("` + names[3] + `", true)`)
	p.Press("t")
	p.Until(`document.getElementById("dialog").open`)
	p.Type("baseline\r")
	p.Until(`S.rows.get("` + names[3] + `").tags?.join() === "baseline"`)
	p.Do(`setFilter("tag=baseline")`)
	if got := p.Text(rowNames); got != names[3] {
		t.Errorf("tagged: %s", got)
	}
	p.Do(`document.getElementById("wrap").focus()`)
	p.Press("h")
	p.Until(`document.querySelectorAll("#table tbody tr").length === 0`)
	p.Do(`document.querySelector("#toast button").click()`)
	p.Until(`document.querySelectorAll("#table tbody tr").length === 1`)
	p.Do(`act("delete")`)
	p.Until(`!S.rows.has("` + names[3] + `") && !document.getElementById("open-trash").hidden`)
	if _, err := os.Stat(filepath.Join(root, trashDir, names[3])); err != nil {
		t.Error(err)
	}
	p.Do(`document.querySelector("#toast button").click()`)
	p.Until(`S.rows.get("` + names[3] + `")?.tags?.join() === "baseline"`)
	p.Do(`setFilter("")`)
}

// checkLive writes a training, as another process would.
func checkLive(t *testing.T, p browser.Tab, root string) {
	t.Helper()
	d, err := runs.Create(filepath.Join(root, "new"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.WriteConfig([]byte("model = \"mlp\"\nepochs = 9\nbatch = 32\n")); err != nil {
		t.Fatal(err)
	}
	log, err := runs.OpenMetrics(d.Path, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close() //nolint:errcheck // in a test
	for epoch := 1; epoch <= 2; epoch++ {
		log.Add(runs.Metric{Step: 30 * epoch, Epoch: epoch, Loss: 0.5, Accuracy: 0.8, LR: 0.1, ImagesPerSecond: 1000})
		log.Flush()
		p.Until(`S.rows.get("new")?.epoch === ` + []string{"0", "1", "2"}[epoch] + ` && S.rows.get("new").state === "running"`)
	}
	p.Until(`[...charts.values()].some(c => c.lines.some(l => l.name === "new" && l.x.length === 2 && c.plot.data[1 + c.lines.indexOf(l)].filter(v => v != null).length === 2))`)
}

// The filter means what it says.
func TestFilter(t *testing.T) {
	root, names := some(t, 15, 2)
	p := browser.Open(t, follow(t, root), browser.Phone)
	p.Until(`S.rows.size === 15`)
	if got := p.Text(`[...document.querySelectorAll("button, select, summary")].filter(b => b.checkVisibility() && b.getBoundingClientRect().height < 34).map(b => b.textContent)`); got != "" {
		t.Errorf("too small for a finger: %s", got)
	}
	if got := p.Text(`(({ list, some, at }) => [...list, some, at("")].join(" "))(axisOf("hidden", "hidden", ["64", "", "32,16", "16"]))`); got != "16 32,16 64 true " {
		t.Errorf("an axis of networks has %q", got)
	}
	if got := p.Text(`(rows => varying(rows).join(" ") + ", " + groupsOf(rows, "seed").map(g => g.label).join("; "))([
		{ config: { model: "cnn", seed: "1", filters: "8,16" } }, { config: { model: "cnn", seed: "2", filters: "8,16" } }, { config: { model: "mlp", seed: "1", l2: "0.1" } }, { config: { model: "mlp", seed: "2" } }])`); got != "model l2 seed filters, model cnn; model mlp, l2 0.1; model mlp" {
		t.Errorf("settings that vary, and groups: %s", got)
	}
	p.Do(`for (const r of S.rows.values()) if (r.name.endsWith("-2")) { r.tags = ["a", "b"]; r.note = "two words"; r.state = "failed"; }`)
	for filter, want := range map[string]int{
		"": 15, "lr>0.02": 10, "lr>=0.03": 10, "lr<0.03": 5, "lr=3e-2": 5, "lr!=0.03": 10, "lr=0.03 seed=2": 1, "seed<=2 seed>1": 3,
		"model=cnn": 0, "model=m*": 15, "mlp": 15, "-mlp": 0, "tag=a": 1, "tag=c": 0, "-tag=a": 14, `note="two words"`: 1, "note~WORD": 1, "words": 1,
		"state=failed": 1, "-state=failed lr=0.1": 4, "test>99": 0, "test<100": 15, "test<1": 15, "hidden=128": 0,
		"hidden=128,64": 15, "hidden~64": 15, "train-loss<100": 15, "nothing=1": 0, "nothing!=1": 15, "lr=": 15, "lr>x": 0, "[": 0,
	} {
		if got := p.Text(`(setFilter(` + browser.Quoted(filter) + `), rowsNow.length)`); got != browser.Quoted(want) {
			t.Errorf("%q lets %s runs through, want %d", filter, got, want)
		}
	}
	// Every key has examples and values to choose from.
	for _, key := range []string{"", "best", "test>", "done=", "train-loss<", "images/s>", "tag=", "hidden=", "started~", "set.", "[", "note="} {
		if got := p.Text(`(document.getElementById("filter").value = ` + browser.Quoted(key) + `, document.getElementById("filter").oninput(), offered ? offered[1].every(o => o.text && o.about) : "none")`); got != "true" && !strings.ContainsAny(key, "[.") {
			t.Errorf("%q is completed by %s", key, got)
		}
	}
	// On a phone nothing is wider than the screen.
	p.Do(`setFilter("")`)
	for _, view := range []string{"runs", "diff", "groups", "studies", "run"} {
		p.Do(`S.run = ` + browser.Quoted(names[0]) + `; for (const n of ` + browser.Quoted(names[:3]) + `) S.selected.add(n); show("` + view + `")`)
		p.Until(`!document.getElementById("view-` + view + `").hidden && document.documentElement.scrollWidth <= innerWidth`)
	}
}

// checkFrozenStudies looks at the sweep and at the study's report in an exported file.
func checkFrozenStudies(t *testing.T, p browser.Tab) {
	t.Helper()
	p.Press("4")
	p.Until(`document.querySelectorAll("#view-studies tbody tr").length === 2 && document.querySelectorAll("#view-studies circle").length === 5`)
	if text := p.Text(`document.getElementById("view-studies").innerText`); !strings.Contains(text, "86.50 ± 0.71") || !strings.Contains(text, "glyph train --lr 0.03 --data 'my data'") {
		t.Errorf("the sweep: %s", text)
	}
	p.Do(`window.loaded = ""; onmessage = e => loaded = e.data; const s = document.getElementById("study-name"); s.value = "whole"; s.onchange({ target: s });`)
	p.Until(`loaded === "a study of set"`) // said by the report itself
	p.Do(`window.s = document.getElementById("study-name"); s.value = "z-begun"; s.onchange({ target: s });`)
	p.Until(`document.querySelector("#view-studies .problem")?.innerText === "This study has no report yet: it is still running, was stopped, or is a shard."`)
	p.Do(`s.value = "z-damaged"; s.onchange({ target: s });`)
	p.Until(`document.querySelector("#view-studies .problem")?.innerText === "The leaderboard of this sweep is damaged."`)
}

// The exported file shows the same without a server.
func TestExportedPage(t *testing.T) {
	root, names := some(t, 6, 3)
	putStudies(t, root)
	write(t, filepath.Join(root, "whole"), study.ManifestFile, []byte(`{"source": "/home/a+b/set"}`))
	write(t, filepath.Join(root, "whole"), study.ReportFile, []byte(`<!doctype html><p id="of">a study of /home/a&#43;b/set</p><script>parent.postMessage(document.getElementById("of").textContent, "*")</script>`))
	b, err := New(Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := b.Export(&page); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{root, "/home"} {
		if strings.Contains(page.String(), path) {
			t.Errorf("the file has the path %s", path)
		}
	}
	asked := make(chan string, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path == "/" {
			w.Write(page.Bytes()) //nolint:errcheck // in a test
		}
	}))
	defer server.Close()
	p := browser.Open(t, server.URL, laptop)
	p.Until(`document.querySelectorAll("#table tbody tr").length === 6 && document.querySelectorAll("#charts canvas").length === 2`)
	p.Do(`open("` + names[1] + `")`)
	p.Until(`document.querySelectorAll(".run-charts canvas").length >= 4 && getComputedStyle(document.querySelector(".run-head .changes")).display === "none"`)
	p.Do(`document.querySelector("[data-part=mistakes]").click()`)
	p.Until(`document.querySelectorAll(".matrix tbody tr").length === 2`)
	checkFrozenStudies(t, p)
	close(asked)
	for path := range asked {
		if path != "/" && path != "/favicon.ico" {
			t.Errorf("the page asked for %s", path)
		}
	}
}
