package board

import (
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"glyph/internal/browser"
	"glyph/runs"
)

// BenchmarkPage opens the page of 500 runs of 100 epochs each, filters it, and follows a
// training that writes. Times are in milliseconds, as the browser measures them from the
// first request or from the change of the filter to the next picture, and medians where
// they don't say at most; memory is in megabytes, after collecting garbage:
//
//	go test ./runs/board -run '^$' -bench Page -benchtime 5x
func BenchmarkPage(b *testing.B) {
	root, _ := some(b, 500, 100)
	address := follow(b, root)
	var paint, table, charts, filter, work []float64
	var p browser.Tab
	for b.Loop() {
		p = browser.Open(b, address, laptop)
		p.Until(`S.complete && document.querySelectorAll("#charts canvas").length === 2`)
		paint = append(paint, number(b, p, `performance.getEntriesByName("first-contentful-paint")[0].startTime`))
		ended := func(part string) string {
			return `performance.getEntriesByType("resource").find(r => r.name.includes("` + part + `")).responseEnd`
		}
		table = append(table, number(b, p, ended("api/runs")))
		charts = append(charts, number(b, p, ended("api/curves")))
		for _, text := range []string{"lr>0.02", "lr>0.02 model=cnn", "model=cnn seed<3 test>50", "-mlp", ""} {
			before := p.Busy()
			p.Do(`window.shown = 0; const began = performance.now(); setFilter(` + browser.Quoted(text) + `); requestAnimationFrame(() => setTimeout(() => { shown = performance.now() - began; }))`)
			p.Until(`shown > 0`)
			filter = append(filter, number(b, p, `shown`))
			work = append(work, 1000*(p.Busy()-before))
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(paint), "ms-first-paint")
	b.ReportMetric(median(table), "ms-runs-there")
	b.ReportMetric(median(charts), "ms-curves-there")
	b.ReportMetric(median(filter), "ms-filter")
	b.ReportMetric(slices.Max(filter), "ms-filter-at-most")
	b.ReportMetric(slices.Max(work), "ms-of-processor-filter-at-most")
	grow(b, root, p)
}

// grow writes a training of 2,000 epochs, in 20 parts that the page follows, and reports
// the memory of the server and of the page after the first quarter and at the end.
func grow(b *testing.B, root string, p browser.Tab) {
	b.Helper()
	d, err := runs.Create(filepath.Join(root, "new"))
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if err := d.WriteConfig([]byte("model = \"mlp\"\nepochs = 2000\nbatch = 32\n")); err != nil {
		b.Fatal(err)
	}
	log, err := runs.OpenMetrics(d.Path, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer log.Close() //nolint:errcheck // in a test
	const parts, each = 20, 100
	for part := 1; part <= parts; part++ {
		for e := (part-1)*each + 1; e <= part*each; e++ {
			log.Add(runs.Metric{Step: 30 * e, Epoch: e, Loss: level(e, 1), Accuracy: 0.8, LR: 0.1, ImagesPerSecond: 1000})
		}
		log.Flush()
		p.Until(fmt.Sprintf(`S.rows.get("new")?.epoch === %d && curves("new")?.epoch.length === %d`, part*each, part*each))
		if part != parts/4 && part != parts {
			continue
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		at := fmt.Sprintf("-after-%d", part*each)
		b.ReportMetric(float64(m.HeapAlloc)/1e6, "MB-server"+at)
		b.ReportMetric(p.Heap()/1e6, "MB-page"+at)
	}
}

func number(b *testing.B, p browser.Tab, script string) float64 {
	b.Helper()
	v, err := strconv.ParseFloat(p.Text(script), 64)
	if err != nil {
		b.Fatal(err)
	}
	return v
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}
