package study

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"glyph"
	"glyph/train"
)

// Options are how a study is run. None of them affects a result.
type Options struct {
	// Open opens a backend for one trial, which closes it. It is called from
	// several goroutines.
	Open      func() (glyph.Backend, error)
	Parallel  int // trials at once
	Shard     Shard
	Session   Session
	Gradients func() (Gradients, error) // compares gradients; called where an experiment asks for it
	Progress  func(Progress)            // called for each finished trial, one after the other; or nil

	// Lost is told the error of a device that Open gave, and reports whether others can
	// go on. Its trial is then done on one of them, and there is one trial fewer at a
	// time. Without Lost the run ends with the error.
	Lost func(error) bool
}

// Progress is how far a study has come.
type Progress struct {
	Done, Of int           // trials of this shard
	Left     time.Duration // estimated from the trials so far
	Result   *Result       // what has just finished; nil at the start and for gradients
}

// Run runs the trials of a plan that are not in the store yet. When ctx is cancelled
// it drops the trials in progress and returns the context's error; all finished ones
// are in the store.
func Run(ctx context.Context, p *Plan, store *Store, o Options) error {
	return run(ctx, planned{p, p.part(o.Shard)}, p.Data, p.Gradients && o.Shard.Index == 0, store, o)
}

// agenda is the trials of a run, a study's or a sweep's.
type agenda interface {
	// each calls tell with every trial once, and whether it is done. Those that are
	// yet to be chosen are there as trials of about the same cost.
	each(done Results, tell func(t Trial, done bool))
	// ready calls tell with every trial that can run now, done or not, and the cost of
	// what waits for it.
	ready(done Results, tell func(t Trial, after float64))
}

// planned is the configurations of a plan that a shard has.
type planned struct {
	*Plan
	configs []Config
}

func (p planned) each(done Results, tell func(t Trial, done bool)) {
	p.Plan.each(p.configs, done, tell)
}

func (p planned) ready(done Results, tell func(t Trial, after float64)) {
	for _, c := range p.configs {
		rate, chosen := p.rate(c, done)
		trials, after := p.final(c, rate), 0.0
		if !chosen {
			after = p.cost(trials[0])
			trials = p.selection(c)
		}
		for _, t := range trials {
			tell(t, after)
		}
	}
}

func run(ctx context.Context, what agenda, data Data, gradients bool, store *Store, o Options) error {
	r := &runner{
		Options: o, agenda: what, of: data, gradients: gradients, store: store,
		running: map[string]bool{}, data: map[subset]*opened{}, start: time.Now(),
		measured: map[string]*ratio{},
	}
	r.changed.L = &r.mu
	if r.count(); r.done == r.all {
		return nil
	}
	if err := store.append(record{Session: &o.Session}); err != nil {
		return err
	}
	r.say(nil)
	if gradients && store.Gradients == nil {
		if o.Gradients == nil {
			return errors.New("an experiment compares gradients, but Options.Gradients is nil")
		}
		g, err := o.Gradients()
		if err != nil {
			return err
		}
		if err := store.append(record{Gradients: &g}); err != nil {
			return err
		}
		r.count()
		r.say(nil)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.changed.Broadcast()
	})()
	var workers sync.WaitGroup
	r.workers = max(1, o.Parallel)
	for range max(1, o.Parallel) {
		workers.Go(func() {
			defer func() {
				if broken := recover(); broken != nil {
					cancel(&panicked{broken})
				}
			}()
			if err := r.work(ctx); err != nil {
				cancel(err) // the first error counts, and stops the others
			}
		})
	}
	workers.Wait()
	err := context.Cause(ctx)
	var broken *panicked
	if errors.As(err, &broken) {
		panic(broken.value) // where the program handles panics
	}
	return err
}

// panicked carries a panic from a worker to the caller of Run.
type panicked struct{ value any }

func (p *panicked) Error() string { return fmt.Sprint(p.value) }

// runner is a study in progress.
type runner struct {
	Options
	agenda    agenda
	of        Data
	gradients bool // are to be compared
	store     *Store
	start     time.Time

	mu        sync.Mutex
	changed   sync.Cond       // when a trial has ended
	running   map[string]bool // IDs
	workers   int             // that have not ended with a device that failed
	done, all int
	left      map[string]float64 // estimated seconds still to do, by model
	measured  map[string]*ratio  // by model

	dataMu sync.Mutex
	data   map[subset]*opened
}

// work does one trial after the other until none is left.
func (r *runner) work(ctx context.Context) error {
	for {
		t, ok := r.next(ctx)
		if !ok {
			return nil
		}
		result, lost, err := r.do(ctx, t)
		if err == nil {
			err = r.store.append(record{Result: &result})
		}
		r.mu.Lock()
		delete(r.running, t.ID())
		others := lost != nil && ctx.Err() == nil && r.Lost != nil && r.Lost(lost)
		if err == nil {
			r.learn(t, result.Seconds)
			r.count()
			r.say(&result)
		}
		last := r.workers == 1
		if others && !last {
			r.workers--
		}
		r.changed.Broadcast()
		r.mu.Unlock()
		switch {
		case others && last: // it goes on with another device
		case others:
			return nil // they have the trial, which is no longer running
		case err != nil:
			return err
		}
	}
}

// next waits for a trial that can run now, and takes it. It is false when all are
// done or in progress, or when ctx is done.
func (r *runner) next(ctx context.Context) (Trial, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for ctx.Err() == nil {
		t, ok := r.pick()
		if ok {
			r.running[t.ID()] = true
			return t, true
		}
		if len(r.running) == 0 {
			return Trial{}, false
		}
		r.changed.Wait()
	}
	return Trial{}, false
}

// pick is, of the trials that are ready, the one with the most work after it: what
// takes longest begins first, so that no worker is left with it at the end.
func (r *runner) pick() (best Trial, found bool) {
	most := -1.0
	r.store.mu.Lock()
	defer r.store.mu.Unlock()
	r.agenda.ready(r.store.Results, func(t Trial, after float64) {
		id := t.ID()
		if _, done := r.store.Results[id]; done || r.running[id] {
			return
		}
		if cost := r.of.cost(t) + after; cost > most {
			best, found, most = t, true, cost
		}
	})
	return best, found
}

// do does a trial on a backend of its own. lost is the error of the device if that
// failed; err is not nil then either.
func (r *runner) do(ctx context.Context, t Trial) (result Result, lost, err error) {
	data, err := r.open(t)
	if err != nil {
		return Result{}, nil, err
	}
	b, err := r.Open()
	if err != nil {
		return Result{}, err, err
	}
	defer func() {
		lost = b.Close()
		if err == nil {
			err = lost
		}
	}()
	result, err = do(ctx, b, t, data)
	result.Session, result.End = r.Session.ID, time.Since(r.start).Seconds()
	return result, nil, err
}

// subset is the arguments of Data.Open.
type subset struct {
	images int
	split  Split
}

type opened struct {
	once sync.Once
	data train.Data
	err  error
}

// open is the data of a trial. A study's is read once; that of a sweep's trial is
// its own, since each seed holds out other images.
func (r *runner) open(t Trial) (train.Data, error) {
	if t.Tuning != nil {
		return r.of.Tune(t.training())
	}
	s := subset{t.Images, t.split()}
	r.dataMu.Lock()
	o := r.data[s]
	if o == nil {
		o = new(opened)
		r.data[s] = o
	}
	r.dataMu.Unlock()
	o.once.Do(func() { o.data, o.err = r.of.Open(s.images, s.split) })
	return o.data, o.err
}
