//go:build cgo

package gpu

import "glyph"

// fuseFrom is from how many repetitions on, in all of the Backend's life, steps are compiled:
// fewer don't pay for programs of their own. A device that computes on the CPU makes machine
// code of them, slowly. Calls of Repeat add up because a training that reports often, or has
// few images, repeats its step a few times a call.
const fuseFrom, fuseFromSoftware = 8, 64

// Repeat calls step once, records its operations, and has the thread run them n
// times. The commands of each repetition wait for those of the previous one, since
// every step reads what the last one wrote.
//
// Once much has been repeated, a step is compiled first (see [Backend.fuse]), for all
// repetitions but the last and those before a visit that needs all memory (see
// [Moment.Complete]): these do the operations as they were asked for, and so leave
// everything in memory that the step's calls would have left there.
func (b *Backend) Repeat(n int, step func()) {
	glyph.CheckOpen(b.closed)
	if n <= 0 {
		return
	}
	if b.recording { // within a step: part of its record
		for range n {
			step()
		}
		return
	}
	defer b.endRecord() // also when step panics
	b.recordStep(step)
	if len(b.record) == 0 {
		return
	}
	j := job{repeats: n, step: true}
	b.repeated += n
	compiles := n > 1 && b.repeated >= b.fuseFrom
	if b.fuses && compiles {
		if nodes := b.fuse(); len(nodes) > 0 {
			b.tune(nodes)
			j.fused = b.play(nodes, <-b.free)
		}
	}
	if j.fused == nil && compiles {
		b.tune(b.plain())
	}
	j.batch = b.play(b.plain(), <-b.free)
	b.handOver(j.batch)
	// Programs that only the compiled step needs are left out: if the driver refuses one, no
	// plainer variant is built until an operation asks for it by itself.
	for _, p := range j.batch.programs {
		p.ready = true
	}
	b.jobs <- j
}

// recordStep keeps what step asks for.
func (b *Backend) recordStep(step func()) {
	b.flush()
	b.recording = true
	step()
	b.recording = false
}

// play puts the commands of nodes into a batch.
func (b *Backend) play(nodes []node, into *batch) *batch {
	b.begin(into)
	for i := range nodes {
		b.putNode(&nodes[i])
	}
	return b.end()
}

// begin has commands go to a batch,
func (b *Backend) begin(into *batch) {
	b.repeat = into
	b.hazards.clear()
}

// and end that it is complete: it can be run again and again.
func (b *Backend) end() *batch {
	t := b.repeat
	b.repeat = nil
	if len(t.commands) > 0 {
		t.commands[0].barrier |= barrierStorage
	}
	b.hazards.restart()
	return t
}

// handOver gives a batch the data that the record writes.
func (b *Backend) handOver(t *batch) {
	for i := range b.record {
		if o := &b.record[i]; o.data != nil {
			t.writes, o.data = append(t.writes, o.data), nil
		}
	}
}

// endRecord leaves nothing of a record behind, whether it was played or something
// panicked on the way.
func (b *Backend) endRecord() {
	b.recording = false
	if t := b.repeat; t != nil {
		b.repeat = nil
		t.clear()
		select {
		case b.free <- t:
		default: // a Recording's
		}
	}
	for i := range b.record {
		if o := &b.record[i]; o.data != nil {
			b.heap.free(o.data)
			o.data = nil
		}
	}
	b.record = b.record[:0]
}

// Recording is a list of operations that a visitor of the Backend can have carried
// out: see [Moment.Run].
type Recording struct{ batch *batch }

// Record keeps the operations that step asks for, and carries none of them out. They
// live until Close.
func (b *Backend) Record(step func()) *Recording {
	b.still("Record")
	defer b.endRecord()
	b.recordStep(step)
	r := &Recording{newBatch(&b.heap)}
	b.play(b.plain(), r.batch)
	b.handOver(r.batch)
	return r
}
