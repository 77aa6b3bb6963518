// Package compare compares two backends on a network: the operations of its first
// training steps, each held to its definition, and a short training on each. It
// returns values; glyph compare prints them.
package compare

import (
	"cmp"
	"context"
	"fmt"

	"glyph"
	"glyph/backendtest"
	"glyph/models"
	"glyph/train"
)

// Training is what both backends train. Of its data only training images are used.
type Training struct {
	Spec    models.Spec
	Data    train.Data
	Options train.Options
}

// judgedSteps is how many steps are judged: in the first, biases and moments are
// still zero, and an operation that forgets them would be right.
const judgedSteps = 2

// Steps judges every operation of the first training steps on b, and on another
// backend beside it.
func (t Training) Steps(ctx context.Context, b, other glyph.Backend) (backendtest.StepComparison, error) {
	some, err := t.head(judgedSteps * t.Options.Batch)
	if err != nil {
		return backendtest.StepComparison{}, err
	}
	return backendtest.CompareSteps(b, other, judgedSteps, func(b glyph.Backend) error {
		_, err := some.run(ctx, b, train.Callbacks{})
		return err
	})
}

// Result is a short training on one backend.
type Result struct {
	Losses []float64 // of each step
	train.Result
}

// ImagesPerSecond is its speed.
func (r Result) ImagesPerSecond() float64 { return float64(r.Images) / r.Took.Seconds() }

// Run trains a fresh network for the given number of steps, or as many as there are images
// for. It does one before that counts for nothing: programs are built and memory
// is touched.
func (t Training) Run(ctx context.Context, b glyph.Backend, steps int) (r Result, err error) {
	images := t.Data.Train.Len()
	some, err := t.head(min(steps*t.Options.Batch, images))
	if err != nil {
		return r, err
	}
	warm, err := t.head(min(t.Options.Batch, images))
	if err != nil {
		return r, err
	}
	if _, err = warm.run(ctx, b, train.Callbacks{}); err != nil {
		return r, err
	}
	r.Result, err = some.run(ctx, b, train.Callbacks{Step: func(_ int, loss, _ float64) { r.Losses = append(r.Losses, loss) }})
	return r, err
}

// run trains a fresh network, in memory that is given back.
func (t Training) run(ctx context.Context, b glyph.Backend, say train.Callbacks) (r train.Result, err error) {
	scope := glyph.NewScope(b)
	defer func() { err = cmp.Or(err, scope.Close()) }()
	net, err := models.New(scope, t.Spec, t.Options.Batch)
	if err != nil {
		return r, err
	}
	net.Init(t.Options.Seed)
	if r, err = train.Run(ctx, scope, net, t.Data, t.Options, say); err == nil && r.Stopped == train.Interrupted {
		err = ctx.Err()
	}
	return r, err
}

// head is the training on the first n images and nothing else.
func (t Training) head(n int) (Training, error) {
	all := &t.Data.Train
	if n > all.Len() {
		return t, fmt.Errorf("a batch of %d from %d training images; choose a smaller --batch", n, all.Len())
	}
	all.Images, all.Labels = all.Images[:n*all.Shape.Size()], all.Labels[:n]
	t.Data.Validation, t.Data.Test = train.Set{}, train.Set{}
	return t, nil
}
