package runs

import (
	"cmp"
	"math"
	"time"
)

// Progress is how far a run has come.
type Progress struct {
	*Run
	Lines []Metric // of its epochs
	Fresh []Metric // those of them that are new since the last look

	Results *Summary // nil before the training ends, and for an imported run

	At              int     // the epoch in progress, from 1, or the last one
	Part            float64 // of that epoch, from 0 to 1
	Loss, Accuracy  float64 // of the last line
	ImagesPerSecond float64
	Left            time.Duration // of the training; 0 where it is not known
}

// Follower follows a run that another process may be writing.
type Follower struct {
	dir  string
	told int // epochs
}

// Follow is a Follower of the run in a directory.
func Follow(dir string) *Follower { return &Follower{dir: dir} }

// Look reads how far the run is. It fails as [Open] does.
func (f *Follower) Look() (*Progress, error) {
	r, lines, err := open(f.dir)
	if err != nil {
		return nil, err
	}
	p := progressOf(r, lines)
	p.Fresh = p.Lines[min(f.told, len(p.Lines)):]
	f.told = len(p.Lines)
	return p, nil
}

// progressOf is where a run stands after these lines.
func progressOf(r *Run, lines []Metric) *Progress {
	p := &Progress{Run: r, Results: r.results, At: r.Epoch, Part: 1, ImagesPerSecond: r.ImagesPerSecond}
	var last Metric
	perEpoch := 0
	for _, m := range lines {
		if last = m; m.Epoch > 0 {
			p.Lines = append(p.Lines, m)
			perEpoch = m.Step / m.Epoch
		}
	}
	p.Loss, p.Accuracy, p.ImagesPerSecond = last.Loss, last.Accuracy, cmp.Or(last.ImagesPerSecond, p.ImagesPerSecond)
	if last.Epoch > 0 || r.State != Running {
		return p
	}
	p.At, p.Part = r.Epoch+1, 0
	if perEpoch > 0 {
		p.Part = min(max(float64(last.Step-r.Epoch*perEpoch)/float64(perEpoch), 0), 1)
		p.Left = r.stepsTake(r.Epochs*perEpoch - last.Step)
	}
	return p
}

// stepsTake is the time that a number of steps takes at the run's speed, 0 while that
// is unknown. The clock since it started would count pauses.
func (r *Run) stepsTake(steps int) time.Duration {
	batch, ok := r.Config["batch"].(int64)
	if !ok || r.ImagesPerSecond <= 0 || steps < 0 {
		return 0
	}
	seconds := float64(steps) * float64(batch) / r.ImagesPerSecond
	if !(seconds >= 0 && seconds < math.MaxInt64/1e9) {
		return 0
	}
	return time.Duration(seconds * float64(time.Second))
}
