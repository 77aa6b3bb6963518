//go:build cgo

package gpu

import "glyph"

var peakKernel = newKernel("peak.comp", "sink", "rounds", "")

// Peak is the peak performance of the device, measured now: the arithmetic of a
// kernel that only multiplies and adds in registers, in FLOP/s, and the traffic
// of a large copy, read and written, in bytes/s. It takes about a second.
func (b *Backend) Peak() (peak glyph.Peak, err error) {
	const threads, perRound = 256, 128
	groups, rounds := 8192, 4096
	elements := int(min(64<<20, b.device.Limits.StorageBlock/4))
	if b.device.Software {
		groups, rounds, elements = 16, 4096, 4<<20
	}
	sink := glyph.NewTensor(b, glyph.Shape{1})
	defer b.Free(sink.Buf)
	peak.FLOPS, err = b.rate(float64(threads*perRound)*float64(groups)*float64(rounds), func() {
		l := b.start(b.program(peakKernel, values{threads}))
		b.out(sink)
		l.uniform(rounds)
		b.run(groups, 0)
	})
	if err != nil {
		return peak, err
	}
	dst, src := glyph.NewTensor(b, glyph.Shape{elements}), glyph.NewTensor(b, glyph.Shape{elements})
	defer b.Free(dst.Buf, src.Buf)
	peak.Bytes, err = b.rate(8*float64(elements), func() { b.Copy(dst, src) })
	return peak, err
}

// peakRuns is how often rate runs.
const peakRuns = 6

// rate is the work that f does a second: the best of a few runs after one to
// warm up.
func (b *Backend) rate(work float64, f func()) (float64, error) {
	best := 0.0
	for i := range peakRuns {
		start := b.now()
		f()
		if err := b.Sync(); err != nil {
			return 0, err
		}
		if took := b.now().Sub(start); i > 0 {
			best = max(best, work/took.Seconds())
		}
	}
	return best, nil
}
