package train

import (
	"context"
	"slices"
	"testing"
	"time"

	"glyph"
	"glyph/cpu"
)

// A gate decides how many steps are taken at a time, and so nothing of what they
// compute. Waiting at it is no part of the training's time, and Ctrl-C ends it. Begin
// hands over what the steps compute with.
func TestGate(t *testing.T) {
	data, opt := toyData(100, 0, 30), toyOptions() // 7 steps an epoch, 28 in all
	const pause = 20 * time.Millisecond
	run := func(gate func(context.Context, int) int) (Result, []float32, Inside, []float32) {
		b := cpu.New[float32](2)
		defer b.Close() //nolint:errcheck // Resume has told of errors
		net := newNet(t, b, toyMLP, opt.Batch)
		var in Inside
		r := Training{Backend: b, Net: net, Data: data, Options: opt, Gate: gate}
		r.Callbacks.Begin = func(i Inside) error { in = i; return nil }
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		result, err := Resume(ctx, r)
		if err != nil {
			t.Fatal(err)
		}
		rows := make([]float32, in.Log.Size())
		if err := b.Read(rows, in.Log); err != nil {
			t.Fatal(err)
		}
		return result, weights(t, b, net), in, rows
	}
	_, want, in, rows := run(nil)
	if in.Net == nil || in.Steps != 7 || in.From != 0 || in.Set.Len() != 100 || len(in.Labels) != 100 || in.Clock.Len() != glyph.ClockLen || rows[27*glyph.LogLen] == 0 || rows[28*glyph.LogLen] != 0 {
		t.Errorf("a training of 28 steps, 7 an epoch, begins with %d from %d, %d images and %d labels", in.Steps, in.From, in.Set.Len(), len(in.Labels))
	}
	start, passed := time.Now(), 0
	result, got, _, _ := run(func(_ context.Context, n int) int {
		if passed++; passed%10 == 0 {
			time.Sleep(pause)
		}
		return min(n, 1)
	})
	if passed != 28 || !slices.Equal(got, want) {
		t.Errorf("%d chunks of one step, want 28; the same weights: %v", passed, slices.Equal(got, want))
	}
	if whole := time.Since(start); result.Took > whole-2*pause {
		t.Errorf("a training of %v with %v at the gate took %v", whole, 2*pause, result.Took)
	}

	ctx, cancel := context.WithCancel(t.Context())
	b := cpu.New[float32](2)
	defer b.Close() //nolint:errcheck // Resume has told of errors
	passed = 0
	stopped, err := Resume(ctx, Training{Backend: b, Net: newNet(t, b, toyMLP, opt.Batch), Data: data, Options: opt, Gate: func(ctx context.Context, n int) int {
		if passed++; passed > 2 {
			cancel()
			<-ctx.Done()
			return 0
		}
		return 1
	}})
	if err != nil || stopped.Stopped != Interrupted || stopped.Images != 2*opt.Batch {
		t.Errorf("interrupted at the gate after 2 steps: %v, %q, %d images", err, stopped.Stopped, stopped.Images)
	}
}
