//go:build cgo

package window

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"glyph/internal/message"
)

// times draws the kernels of a step, the slowest first, by their files.
func (p *picture) times(r rect) {
	type kernel struct {
		file  string
		took  time.Duration
		calls int
	}
	var list []kernel
	var all time.Duration
	for _, k := range p.kernels {
		i := slices.IndexFunc(list, func(o kernel) bool { return o.file == k.File })
		if i < 0 {
			i = len(list)
			list = append(list, kernel{file: k.File})
		}
		list[i].took += k.Total
		list[i].calls += k.Calls
		all += k.Total
	}
	note := ""
	if all > 0 {
		note = "one step: " + message.Brief(all).String()
	}
	inner := p.title(r, "Kernels", note)
	if len(list) == 0 {
		p.write(inner.x, inner.y, regular, dim, "a step is timed each second")
		return
	}
	slices.SortFunc(list, func(a, b kernel) int { return cmp.Compare(b.took, a.took) })
	line := p.u(19)
	for i := range min(len(list), int(inner.h/line)) {
		k := list[i]
		y := inner.y + float32(i)*line
		names := p.u(170)
		name := fmt.Sprintf("%s ×%d", strings.TrimSuffix(k.file, ".comp"), k.calls)
		p.write(inner.x, y, regular, text, p.atlas.clipped(regular, name, names-p.u(6)))
		bar := rect{inner.x + names, y + p.u(5), inner.w - names - p.u(64), p.u(8)}
		p.fill(bar, groove)
		bar.w = max(bar.w*float32(k.took)/float32(list[0].took), 1)
		p.fill(bar, blue)
		p.writeRight(inner.x+inner.w, y, regular, dim, message.Brief(k.took).String())
	}
}
