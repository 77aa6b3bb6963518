package train

import (
	"context"
	"math"
	"time"

	"glyph"
	"glyph/models"
)

// logRows is how many steps the log on the device holds, and so the largest
// number of steps in a chunk.
const logRows = 1024

// chunkTime is how long a chunk of steps should take: short enough for progress
// and interruption, long enough that reading the log costs nothing.
const chunkTime = 100 * time.Millisecond

// pass iterates over a data set once, batch by batch in a given order, on one
// network. It owns the device memory that this takes.
type pass struct {
	b       glyph.Backend
	net     *models.Network
	set     glyph.Dataset
	batch   int
	classes int

	order, clock    glyph.Ints
	t               glyph.Tensor // targets of a batch
	loss, hits, log glyph.Tensor
	rows            []float32 // the log on the host
	smoothing       float32
	augment         glyph.Augmentation // with its seed
	seed            uint64
	startStep       int
	done            tally // before the pass resumes
	chunk           int   // steps of the next chunk, found by time

	each  func(step int, loss, accuracy float64) // called for every step, or nil
	every int                                    // steps after which a chunk ends in any case, or 0
	last  batchResult                            // of the last step of a chunk
	gate  func(ctx context.Context, n int) int   // see Training.Gate; or nil
	held  time.Duration                          // at the gate
}

// batchResult is the loss and accuracy of one step's batch.
type batchResult struct{ loss, accuracy float64 }

func newPass(b glyph.Backend, net *models.Network, set glyph.Dataset, batch, classes int) *pass {
	batch = min(batch, set.Len())
	return &pass{
		b: b, net: net, set: set, batch: batch, classes: classes,
		order: b.AllocInts(set.Len()),
		clock: b.AllocInts(glyph.ClockLen),
		t:     glyph.NewTensor(b, glyph.Shape{batch, classes}),
		loss:  glyph.NewTensor(b, glyph.Shape{batch}),
		hits:  glyph.NewTensor(b, glyph.Shape{batch}),
		log:   glyph.NewTensor(b, glyph.Shape{logRows, glyph.LogLen}),
		rows:  make([]float32, logRows*glyph.LogLen),
		chunk: 1,
	}
}

// steps is the number of batches in a pass; the last may be short.
func (p *pass) steps() int { return (p.set.Len() + p.batch - 1) / p.batch }

// begin starts a pass at a step of the training, in that order.
func (p *pass) begin(step int, order []int32) {
	p.startStep, p.done = step, tally{}
	p.b.WriteInts(p.order, order)
	p.setClock(step, 0)
}

// resumeAt continues a pass that has begun after some of its steps.
func (p *pass) resumeAt(done tally) {
	p.done = done
	p.setClock(p.startStep+done.steps, done.steps*p.batch)
}

func (p *pass) setClock(step, row int) {
	p.b.WriteInts(p.clock, []int32{glyph.ClockStep: int32(step), glyph.ClockRow: int32(row)})
}

// gather makes the next batch of n samples and returns its images.
func (p *pass) gather(n int) (x, t glyph.Tensor) {
	x, t = p.net.Input(n), p.t.Head(n)
	if p.augment.IsZero() {
		p.b.Gather(x, t, p.set, p.order, p.clock, p.smoothing)
	} else {
		p.b.GatherAugmented(x, t, p.set, p.order, p.clock, p.smoothing, p.augment, p.seed)
	}
	return x, t
}

// tally is sums over the steps of a pass so far.
type tally struct {
	loss    float64 // mean of the samples
	hits    int
	samples int
	steps   int
}

func (t tally) accuracy() float64 { return float64(t.hits) / float64(t.samples) }

// add counts a step of n samples with that mean loss.
func (t *tally) add(loss, hits float32, n int) {
	t.loss += (float64(loss) - t.loss) * float64(n) / float64(t.samples+n)
	t.samples += n
	t.hits += int(hits)
	t.steps++
}

// badStep is the first step whose loss is not finite, and the step at which before
// was last called. Both count from the start of the pass.
type badStep struct{ from, bad int }

// walk repeats step until the pass is over, the context is cancelled, or a loss
// is not finite. step asks for the operations of one batch of n samples; before is
// called at the start and about every chunkTime; after each chunk, each is called
// with the sums so far, and its error ends the walk.
func (p *pass) walk(ctx context.Context, step func(n int), before func(), each func(tally) error) (sum tally, bad *badStep, err error) {
	sum = p.done
	full, short := p.set.Len()/p.batch, p.set.Len()%p.batch
	var from int        // the step that before was last called at,
	var since time.Time // and when
	for sum.steps < p.steps() && ctx.Err() == nil {
		if before != nil && (since.IsZero() || time.Since(since) >= chunkTime) {
			before()
			from, since = sum.steps, time.Now()
		}
		n, count := p.batch, min(p.chunk, full-sum.steps)
		if count == 0 {
			n, count = short, 1
		}
		first := sum.steps
		if p.every > 0 {
			count = min(count, p.every-first%p.every)
		}
		if count = p.admitted(ctx, count); count == 0 {
			break
		}
		start := time.Now()
		p.b.Repeat(count, func() { step(n) })
		if err := p.b.Read(p.rows, p.log); err != nil {
			return sum, nil, err
		}
		took := time.Since(start)
		for i := range count {
			row := p.rows[(p.startStep+first+i)%logRows*glyph.LogLen:]
			loss := row[glyph.LogLoss]
			if math.IsNaN(float64(loss)) || math.IsInf(float64(loss), 0) {
				return sum, &badStep{from, first + i}, nil
			}
			sum.add(loss, row[glyph.LogHits], n)
			p.last = batchResult{float64(loss), float64(row[glyph.LogHits]) / float64(n)}
			if p.each != nil {
				p.each(p.startStep+first+i, p.last.loss, p.last.accuracy)
			}
		}
		if each != nil {
			if err := each(sum); err != nil {
				return sum, nil, err
			}
		}
		if n == p.batch && took < chunkTime {
			p.chunk = min(p.chunk*2, logRows)
		} else if took > 2*chunkTime {
			p.chunk = max(p.chunk/2, 1)
		}
	}
	return sum, nil, nil
}

// admitted waits at the gate, and returns how many of n steps may be taken.
func (p *pass) admitted(ctx context.Context, n int) int {
	if p.gate == nil {
		return n
	}
	start := time.Now()
	n = p.gate(ctx, n)
	p.held += time.Since(start)
	return n
}
