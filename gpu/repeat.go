//go:build cgo

package gpu

import "glyph"

// Repeat calls step once, records its commands, and has the thread run them n
// times. The commands of each repetition wait for those of the previous one, since
// every step reads what the last one wrote.
func (b *Backend) Repeat(n int, step func()) {
	glyph.CheckOpen(b.closed)
	if n <= 0 {
		return
	}
	if b.repeat != nil { // within a step: part of its record
		for range n {
			step()
		}
		return
	}
	b.flush()
	b.repeat = <-b.free
	b.hazards.clear()
	func() {
		defer func() { // also when step panics
			if r := recover(); r != nil {
				b.repeat.clear()
				b.free <- b.repeat
				b.repeat = nil
				panic(r)
			}
		}()
		step()
	}()
	record := b.repeat
	b.repeat = nil
	if len(record.commands) > 0 {
		record.commands[0].barrier |= barrierStorage
	}
	for _, p := range record.programs {
		p.ready = true
	}
	b.hazards.restart()
	b.jobs <- job{batch: record, repeats: n}
}
