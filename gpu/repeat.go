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
	record := <-b.free
	whole := false
	defer func() { // when step panics
		if !whole {
			record.clear()
			b.free <- record
		}
	}()
	b.record(record, step)
	whole = true
	for _, p := range record.programs {
		p.ready = true
	}
	b.jobs <- job{batch: record, repeats: n, step: true}
}

// record puts the commands of a step into a batch.
func (b *Backend) record(into *batch, step func()) {
	b.flush()
	b.repeat = into
	defer func() { b.repeat = nil }()
	b.hazards.clear()
	step()
	if len(into.commands) > 0 {
		into.commands[0].barrier |= barrierStorage
	}
	b.hazards.restart()
}

// Recording is a list of operations that a visitor of the Backend can have carried
// out: see [Moment.Run].
type Recording struct{ batch *batch }

// Record keeps the operations that step asks for, and carries none of them out. They
// live until Close.
func (b *Backend) Record(step func()) *Recording {
	b.still("Record")
	r := &Recording{newBatch(&b.heap)}
	b.record(r.batch, step)
	return r
}
