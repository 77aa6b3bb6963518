//go:build cgo

package window

import "glyph/gpu"

// press acts on a key, and reports whether it closes the window.
func (v *view) press(k gpu.Key) (closes bool) {
	v.note, v.urgent = "", changing
	v.forget(changing...) // what they show may be smaller now
	for _, which := range changing {
		v.stale[which] = ofImage(which)
	}
	switch k {
	case ' ':
		v.w.gate.toggle()
	case 'N':
		v.w.gate.step()
	case gpu.KeyUp:
		v.stage = max(v.stage-1, 0)
	case gpu.KeyDown:
		v.stage = min(v.stage+1, len(v.shown)-1)
	case gpu.KeyLeft, gpu.KeyRight:
		by, n := 1, len(v.Labels)
		if k == gpu.KeyLeft {
			by = n - 1
		}
		v.image, v.another = (v.image+by)%n, true
	case 'G':
		v.slopes = !v.slopes
	case 'P':
		v.note = v.save()
	case 'H':
		v.help, v.dirty = !v.help, true
	case 'Q', gpu.KeyEscape:
		return true
	}
	return false
}

// changing are the panels that keys change, those that show it best first.
var changing = []int{imagePanel, outputPanel, weightsPanel, layersPanel, gradientPanel, firstPanel, histogramPanel, headPanel, footPanel}
