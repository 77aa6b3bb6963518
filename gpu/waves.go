//go:build cgo

package gpu

import (
	"cmp"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// What a multiprocessor is taken to have where the driver does not tell. Every NVIDIA GPU since
// Maxwell has at least this much.
const (
	usualWarp     = 32
	leastWarps    = 32       // at a time
	leastShared   = 64 << 10 // bytes
	registerCount = 64 << 10
	// busyWarps keep a multiprocessor busy, one for each of its four schedulers: the sums of
	// an invocation are independent, so one warp hides its own latency.
	busyWarps = 4
)

// askMultiprocessors asks the driver how the device runs work groups, where one of the
// extensions tells it (GL_NV_shader_thread_group, GL_KHR_shader_subgroup). A number that no
// device could have counts as unknown.
func (d *Device) askMultiprocessors(has func(extension string) bool, get func(name uint32) int) {
	told := func(name uint32, most int) int {
		if v := get(name); v > 0 && v <= most {
			return v
		}
		return 0
	}
	if has("GL_NV_shader_thread_group") {
		d.Multiprocessors, d.Warps, d.Warp = told(gl.SM_COUNT_NV, 4096), told(gl.WARPS_PER_SM_NV, 256), told(gl.WARP_SIZE_NV, 128)
	}
	if d.Warp == 0 && has("GL_KHR_shader_subgroup") {
		d.Warp = told(gl.SUBGROUP_SIZE_KHR, 128)
	}
}

// shared is the bytes of shared memory of a work group: see shaders/tile.glsl.
func (t *tile) shared() int {
	n := 16 * gemmBK * (t.bm/4 + 1 + t.bn/4 + 1)
	if t.lean() {
		n += 16*t.bm + 16*3*t.threads()
	}
	return n
}

// registers is about how many an invocation takes: its results, two sets of factors, and
// addresses with what is fetched ahead.
func (t *tile) registers() int { return t.tm*t.tn + 2*(t.tm+t.tn) + 32 }

// resident is how many work groups a multiprocessor runs at a time.
func (d Device) resident(t *tile) int {
	warp := cmp.Or(d.Warp, usualWarp)
	warps := ceil(t.threads(), warp)
	return max(1, min(cmp.Or(d.Warps, leastWarps)/warps,
		max(leastShared, d.Limits.SharedMemory)/t.shared(),
		registerCount/(warps*warp*t.registers())))
}

// waves is the time that the multiprocessor with the most work groups takes for them. The
// unit is its time for one group when it is full. It runs as many at a time as it holds,
// and then what is left; too few warps leave it partly idle.
func (d Device) waves(t *tile, groups int) float64 {
	least := busyWarps / float64(ceil(t.threads(), cmp.Or(d.Warp, usualWarp)))
	most, resident := ceil(groups, d.Multiprocessors), d.resident(t)
	time := float64(most/resident) * max(float64(resident), least)
	if left := most % resident; left > 0 {
		time += max(float64(left), least)
	}
	return time
}
