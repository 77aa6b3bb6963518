//go:build cgo

package window

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"glyph"
	"glyph/gpu"
	"glyph/internal/message"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// picture is everything that a frame is drawn from.
type picture struct {
	*canvas
	*scene
	m       *gpu.Moment
	o       Options
	state   *state
	kernels []glyph.KernelTime
	pace    pace
	paused  bool
	help    bool
	note    string
}

// draw draws one panel.
func (p *picture) draw(which int, r rect) {
	switch which {
	case headPanel:
		p.head(r)
	case footPanel:
		p.foot(r)
	case lossPanel, accuracyPanel:
		p.curves(r, which == lossPanel)
	case kernelPanel:
		p.times(r)
	case imagePanel:
		p.chosen(r)
	case layersPanel:
		p.layers(r)
	case firstPanel:
		p.firstFilters(r)
	case outputPanel, gradientPanel:
		p.stageOutput(r, which == gradientPanel)
	case weightsPanel:
		p.parameters(r)
	case histogramPanel:
		p.histogramOf(r)
	}
	p.flush(r)
}

// u is a length in pixels.
func (p *picture) u(v float32) float32 { return float32(math.Round(float64(v * p.scale))) }

// title clears a panel, writes its title and, to the right, a note, and returns what is
// left of it.
func (p *picture) title(r rect, name, note string) rect {
	p.fill(r, panel)
	p.write(r.x+p.u(14), r.y+p.u(10), strong, text, p.atlas.clipped(strong, name, r.w-p.u(28)))
	free := r.w - p.u(40) - p.atlas.width(strong, name)
	if note != "" && free > p.u(20) {
		p.writeRight(r.x+r.w-p.u(14), r.y+p.u(11), regular, dim, p.atlas.clipped(regular, note, free))
	}
	return r.in(p.u(14), p.u(36), p.u(14), p.u(14))
}

func (p *picture) head(r rect) {
	p.fill(r, ground)
	p.write(r.x+p.u(16), r.y+p.u(14), large, text, "Glyph")
	x := r.x + p.u(16) + p.atlas.width(large, "Glyph") + p.u(14)
	s := p.state.now()
	parts := []string{}
	if p.paused {
		parts = append(parts, "paused at step "+message.Thousands(s.Step))
	} else {
		parts = append(parts, "step "+message.Thousands(s.Step))
	}
	if s.Epochs > 0 {
		parts = append([]string{fmt.Sprintf("epoch %d of %d", s.Epoch, s.Epochs)}, parts...)
		parts = append(parts, fmt.Sprintf("loss %.4f", s.Loss), fmt.Sprintf("accuracy %.1f %%", 100*s.Accuracy), message.Thousands(int(s.ImagesPerSecond))+" images/s")
	}
	right := strings.Join(parts, "   ")
	colour := text
	if p.paused {
		colour = orange
	}
	at := r.x + r.w - p.u(16)
	p.writeRight(at, r.y+p.u(18), regular, colour, right)
	p.write(x, r.y+p.u(18), regular, dim, p.atlas.clipped(regular, p.o.Title, at-x-p.atlas.width(regular, right)-p.u(20)))
}

func (p *picture) foot(r rect) {
	p.fill(r, ground)
	x := r.x + p.u(16)
	for _, k := range keyHelp {
		p.write(x, r.y+p.u(9), strong, text, k.key)
		x += p.atlas.width(strong, k.key) + p.u(6)
		p.write(x, r.y+p.u(10), regular, dim, k.short)
		x += p.atlas.width(regular, k.short) + p.u(18)
	}
	note := p.note
	if note == "" {
		note = fmt.Sprintf("%.0f frames/s, %.1f %% of the time", p.pace.rate(), 100*p.pace.share())
	}
	p.writeRight(r.x+r.w-p.u(16), r.y+p.u(10), regular, dim, p.atlas.clipped(regular, note, r.x+r.w-p.u(16)-x))
}

// curves draws the losses or the accuracies.
func (p *picture) curves(r rect, losses bool) {
	s := p.state.now()
	name, first := "Accuracy", 2*points
	if losses {
		name, first = "Loss", 0
	}
	inner := p.title(r, name, "steps, smoothed; validation")
	a := axes{rect: inner.in(p.u(40), p.u(2), p.u(4), p.u(20)), right: float32(horizon(s.Step, p.total)), low: 0, high: 1}
	if losses {
		a.logarithmic = true
		a.low, a.high = float32(max(s.Low*0.6, 1e-6)), float32(max(s.High*1.25, 1e-5))
	} else {
		a.low = float32(min(math.Floor(10*s.Worst)/10, 0.9))
	}
	for _, v := range ticks(float64(a.low), float64(a.high), a.logarithmic) {
		y := p.yOf(a, v)
		p.fill(rect{a.x, y, a.w, max(p.u(1), 1)}, groove)
		label := strconv.FormatFloat(v, 'g', 3, 64)
		if !losses {
			label = fmt.Sprintf("%.0f %%", 100*v)
		}
		p.writeRight(a.x-p.u(6), y-p.atlas.height[regular]/2, regular, dim, label)
	}
	epochs := float64(a.right) / float64(p.Steps)
	for _, v := range ticks(0, epochs, false) {
		x := a.x + float32(v/epochs)*a.w
		label := strconv.FormatFloat(v, 'g', 3, 64)
		if v == 0 {
			label = "0 epochs"
			p.write(x, a.y+a.h+p.u(4), regular, dim, label)
			continue
		}
		p.write(min(x-p.atlas.width(regular, label)/2, a.x+a.w-p.atlas.width(regular, label)), a.y+a.h+p.u(4), regular, dim, label)
	}
	p.strip(a, p.points, first, points, p.scale, blue, 0.35)
	p.strip(a, p.points, first+points, points, 2*p.scale, blue, 1)
	for _, v := range s.Points {
		y := v.accuracy
		if losses {
			y = v.loss
		}
		p.dot(a, v.step, y, 6*p.scale, orange)
	}
}

// yOf is where a value is on the axis.
func (p *picture) yOf(a axes, v float64) float32 {
	t := (v - float64(a.low)) / float64(a.high-a.low)
	if a.logarithmic {
		t = math.Log(v/float64(a.low)) / math.Log(float64(a.high)/float64(a.low))
	}
	return float32(math.Round(float64(a.y + float32(1-t)*a.h)))
}

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
		note = "one step: " + short(all)
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
		p.writeRight(inner.x+inner.w, y, regular, dim, short(k.took))
	}
}

// short is a time in three digits.
func short(d time.Duration) string {
	switch {
	case d >= time.Second:
		return fmt.Sprintf("%.3g s", d.Seconds())
	case d >= time.Millisecond:
		return fmt.Sprintf("%.3g ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.3g µs", float64(d)/1e3)
}

// class is the name of a class.
func (p *picture) class(label int) string {
	if label < len(p.o.Classes) {
		return p.o.Classes[label]
	}
	return strconv.Itoa(label)
}

// chosen draws the image, what matters in it, and the probabilities of the classes.
func (p *picture) chosen(r rect) {
	label := int(p.Labels[p.image])
	inner := p.title(r, fmt.Sprintf("Image %s: %s", message.Thousands(p.image+1), p.class(label)), "gradient of the image; probabilities")
	shape := p.probe.Input().Shape
	side := min(inner.h, inner.w*0.3)
	p.tensor(p.probe.Input(), rect{inner.x, inner.y, side, inner.h}, 0, shape[3] != 3, true)
	p.tensor(p.probe.InputGradient(), rect{inner.x + side + p.u(12), inner.y, side, inner.h}, 1, shape[3] != 3, false)
	classes := p.Net.Classes()
	x := inner.x + 2*side + p.u(28)
	names := float32(0)
	row := inner.h / float32(classes)
	if row >= p.atlas.height[regular]*0.72 {
		for c := range classes {
			names = max(names, p.atlas.width(regular, p.class(c)))
		}
		names = min(names, p.u(80))
		for c := range classes {
			paint := dim
			if c == label {
				paint = orange
			}
			p.writeRight(x+names, inner.y+(float32(c)+0.5)*row-p.atlas.height[regular]/2, regular, paint, p.atlas.clipped(regular, p.class(c), names))
		}
		names += p.u(8)
	}
	b := p.chances
	b.use()
	arena, base := where(p.m, p.probe.Gradient(len(p.Net.Stages())-1))
	target, at := where(p.m, p.target)
	storage(arena, target)
	b.ints("base", base)
	b.ints("target_at", at)
	b.ints("classes", classes)
	for name, c := range map[string]colour{"ground": panel, "groove": groove, "bar": blue, "right": orange} {
		b.floats(name, c[0], c[1], c[2])
	}
	p.quad(b, rect{x + names, inner.y, inner.x + inner.w - x - names, inner.h})
}

// tensor draws an output or a gradient of the probe as tiles, a channel each, and says
// how many of them there was room for.
func (p *picture) tensor(t glyph.Tensor, into rect, index int, one, grey bool) tiling {
	arena, base := where(p.m, t)
	w, h, channels := 1, 1, t.Size()
	if t.Shape.Rank() == 4 {
		h, w, channels = t.Shape[1], t.Shape[2], t.Shape[3]
	}
	strides := [4]int{0, 1, w * channels, channels}
	return p.tiles(arena, p.ranges, base, index, w, h, channels, channels, strides, into, grey)
}

// tiles draws n tiles of w by h elements.
func (p *picture) tiles(buffer, ranges uint32, base, index, w, h, n, inner int, strides [4]int, into rect, grey bool) tiling {
	t := tile(n, w, h, into, p.scale)
	m := p.mosaic
	m.use()
	storage(buffer, ranges)
	for name, v := range map[string]int{"base": base, "inner": max(inner, 1), "tiles": t.shown, "columns": t.columns, "range": index, "grey": number(grey)} {
		m.ints(name, v)
	}
	m.ints("size", w, h)
	m.ints("strides", strides[0], strides[1], strides[2], strides[3])
	m.floats("scale", t.scale)
	m.floats("gap", t.gap)
	m.floats("ground", panel[0], panel[1], panel[2])
	gl.ActiveTexture(gl.TEXTURE0)
	gl.BindTexture(gl.TEXTURE_2D, p.colours)
	p.quad(m, rect{into.x, into.y, min(t.width, into.w), min(t.height, into.h)})
	return t
}

// layers draws every layer in a row: its name, its output and its gradient. The chosen one
// is marked; of many layers those around it are shown.
func (p *picture) layers(r rect) {
	inner := p.title(r, "Through the layers", "output; gradient of the loss")
	rows := min(len(p.shown), max(int(inner.h/p.u(46)), 1))
	from := min(max(p.stage-rows/2, 0), len(p.shown)-rows)
	row := min(inner.h/float32(rows), p.u(72))
	names := p.u(122)
	for i := from; i < from+rows; i++ {
		s := p.Net.Stages()[p.shown[i]]
		at := rect{inner.x, inner.y + float32(i-from)*row, inner.w, row - p.u(6)}
		if i == p.stage {
			p.fill(at.in(-p.u(8), -p.u(2), -p.u(8), -p.u(2)), groove)
		}
		paint := dim
		if i == p.stage {
			paint = text
		}
		p.write(at.x, at.y+at.h/2-p.atlas.height[regular], regular, paint, p.atlas.clipped(regular, s.Name, names-p.u(6)))
		p.write(at.x, at.y+at.h/2, regular, dim, by(s.Out))
		half := (at.w - names - p.u(12)) / 2
		p.tensor(p.probe.Output(p.shown[i]), rect{at.x + names, at.y, half, at.h}, outputRange(i), false, false)
		if g := p.probe.Gradient(p.shown[i]); !g.IsZero() {
			p.tensor(g, rect{at.x + names + half + p.u(12), at.y, half, at.h}, gradientRange(i), false, false)
		}
	}
}

// by is a shape as 14×14×32.
func by(s glyph.Shape) string {
	var parts []string
	for _, d := range s[:s.Rank()] {
		parts = append(parts, strconv.Itoa(d))
	}
	return strings.Join(parts, "×")
}

// stageOutput draws the chosen layer's output or its gradient.
func (p *picture) stageOutput(r rect, gradient bool) {
	i := p.shown[p.stage]
	s := p.Net.Stages()[i]
	t, name, index := p.probe.Output(i), "Output of "+s.Name, outputRange(p.stage)
	if gradient {
		t, name, index = p.probe.Gradient(i), "Its gradient", gradientRange(p.stage)
	}
	inner := p.title(r, name, "")
	p.scaleBar(r, p.ranges, index)
	if t.IsZero() {
		p.write(inner.x, inner.y, regular, dim, "no gradient is computed here")
		return
	}
	shown := p.tensor(t, inner, index, false, false)
	p.fewer(inner, shown.shown, t.Size()/max(t.Shape[1]*t.Shape[2]*number(t.Shape.Rank() == 4), 1))
}

// fewer says that there was no room for all tiles.
func (p *picture) fewer(inner rect, shown, of int) {
	if shown < of {
		p.writeRight(inner.x+inner.w, inner.y+inner.h-p.u(4), regular, dim, fmt.Sprintf("%s of %s", message.Thousands(shown), message.Thousands(of)))
	}
}

// scaleBar draws the colours from −m to m, and the m of a range, in the corner of a title.
func (p *picture) scaleBar(r rect, ranges uint32, index int) {
	wide := p.atlas.glyphs[mono]['0'].advance
	right := r.x + r.w - p.u(14) - 8*wide
	p.flush(r) // the title first
	p.magnitude(right, r.y+p.u(11), dim, ranges, index, 13)
	bar := rect{right - p.u(78), r.y + p.u(14), p.u(70), p.u(8)}
	const steps = 35
	for i := range steps {
		p.fill(rect{bar.x + bar.w*float32(i)/steps, bar.y, bar.w/steps + 1, bar.h}, signed(2*(float64(i)+0.5)/steps-1))
	}
}

// filters draws a layer's weights as tiles: the filters of a convolution by input channel,
// the inputs of the first dense layer's units as images, and else a matrix.
func (p *picture) filters(stage int, t glyph.Tensor, buffer uint32, base, index int, inner rect) {
	sample := p.Net.Input(1).Shape.Sample()
	s := t.Shape
	switch {
	case s.Rank() == 4:
		n, c := s[0]*s[3], s[3]
		got := p.tiles(buffer, p.weightRanges, base, index, s[2], s[1], n, c, [4]int{s[1] * s[2] * c, 1, s[2] * c, c}, inner, false)
		p.fewer(inner, got.shown, n)
	case s.Rank() == 2 && s[1] == sample.Size() && stage == p.first():
		got := p.tiles(buffer, p.weightRanges, base, index, sample[1], sample[0], s[0], 1, [4]int{s[1], 0, sample[1] * sample[2], sample[2]}, inner, false)
		p.fewer(inner, got.shown, s[0])
	case s.Rank() == 2:
		p.tiles(buffer, p.weightRanges, base, index, s[1], s[0], 1, 1, [4]int{0, 0, s[1], 1}, inner, false)
	default:
		p.tiles(buffer, p.weightRanges, base, index, 1, 1, s.Size(), s.Size(), [4]int{0, 1, 0, 0}, inner, false)
	}
}

// firstFilters draws the weights of the first layer that has any.
func (p *picture) firstFilters(r rect) {
	stage := p.first()
	t, name := p.parameter(stage)
	inner := p.title(r, "First layer", name)
	buffer, base := p.measure(p.canvas, p.m, t, 0)
	p.filters(stage, t, buffer, base, 0, inner)
}

// parameters draws the chosen layer's weights.
func (p *picture) parameters(r rect) {
	stage := p.shown[p.stage]
	t, name := p.parameter(stage)
	if t.IsZero() {
		inner := p.title(r, "Weights", "")
		p.write(inner.x, inner.y, regular, dim, p.Net.Stages()[stage].Name+" has no weights")
		return
	}
	if p.slopes {
		name = "Gradient of " + name
	}
	inner := p.title(r, name, "")
	buffer, base := p.measure(p.canvas, p.m, t, 1)
	p.scaleBar(r, p.weightRanges, 1)
	p.filters(stage, t, buffer, base, 1, inner)
}

// histogramOf draws the distribution of the chosen layer's weights.
func (p *picture) histogramOf(r rect) {
	t, name := p.parameter(p.shown[p.stage])
	note := ""
	if !t.IsZero() {
		note = message.Count(t.Size(), "number")
	}
	inner := p.title(r, "Histogram", note)
	if t.IsZero() {
		return
	}
	_ = name
	buffer, base := p.measure(p.canvas, p.m, t, 1)
	p.count(p.canvas, buffer, base, t.Size(), 1)
	area := inner.in(0, 0, 0, p.u(16))
	b := p.bars
	b.use()
	storage(p.counts)
	b.ints("bins", bins)
	b.floats("ground", panel[0], panel[1], panel[2])
	gl.ActiveTexture(gl.TEXTURE0)
	gl.BindTexture(gl.TEXTURE_2D, p.colours)
	p.quad(b, area)
	y := area.y + area.h + p.u(2)
	p.fill(rect{area.x, area.y + area.h, area.w, max(p.u(1), 1)}, groove)
	p.magnitude(area.x, y, dim, p.weightRanges, 1, 12)
	p.write(area.x+area.w/2-p.u(3), y, regular, dim, "0")
	p.magnitude(area.x+area.w-7*p.atlas.glyphs[mono]['0'].advance, y, dim, p.weightRanges, 1, 14)
}
