package study

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"glyph/internal/message"
)

// Halving is successive halving (Jamieson & Talwalkar 2016): all points are trained
// for a few epochs, the best 1/Eta of them for Eta times as many, and so on, until
// the last ones have all epochs. Every rung costs about the same.
//
// Every training of a rung begins from scratch, with its schedule fitted to its epochs,
// and does not continue a shorter one: a one-cycle schedule that is cut off after a
// third has not lowered its rate yet, and would be judged before its end.
// This costs Eta/(Eta-1) times as much as continuing.
type Halving struct {
	Eta int `json:"eta"`        // one in this many goes on; at least 2
	Min int `json:"min_epochs"` // the fewest epochs of a training; at least 1
}

// rung is a round of a halving: the points that are left, and their epochs.
type rung struct {
	epochs int // 0 is each point's own
	cut    int // 1/cut of all points are left
}

// keep is how many of a number of points are left at the rung.
func (r rung) keep(points int) int { return max(1, points/r.cut) }

// rungs are the rounds of a sweep's halving; without a halving there is just one. The
// last has all epochs, and each one before it 1/Eta of those of the next, as long as
// this is Min or more and more than one point is left.
func (h *Halving) rungs(s *Sweep) ([]rung, error) {
	if h == nil {
		return []rung{{cut: 1}}, nil
	}
	if h.Eta < 2 || h.Min < 1 {
		return nil, errors.New("a halving keeps one in 2 or more, and trains for 1 epoch or more")
	}
	most := s.Points[0].Epochs
	for _, p := range s.Points {
		if p.Epochs != most {
			return nil, errors.New("epochs: a halving grows the epochs, so they can't be varied; give one number, the largest")
		}
	}
	count := 1
	for epochs, points := most, len(s.Points); epochs/h.Eta >= h.Min && points/h.Eta >= 1; count++ {
		epochs, points = epochs/h.Eta, points/h.Eta
	}
	if count == 1 {
		return nil, fmt.Errorf("%s of %s each leave nothing to halve: one of %d goes on with %d times the epochs, from %s on",
			message.Count(len(s.Points), "point"), message.Count(most, "epoch"), h.Eta, h.Eta, message.Count(h.Min, "epoch"))
	}
	list := make([]rung, count)
	for k, epochs := count-1, most; k >= 0; k, epochs = k-1, epochs/h.Eta {
		list[k].epochs = epochs
	}
	for k, cut := 0, 1; k < count; k, cut = k+1, cut*h.Eta {
		list[k].cut = cut
	}
	for _, p := range s.Points {
		p.Epochs = list[0].epochs
		if err := valid(p); err != nil {
			return nil, &PointError{s.Label(p), fmt.Errorf("%w: the halving begins with %s", err, message.Count(p.Epochs, "epoch"))}
		}
	}
	return list, nil
}

// Rungs says how many points are trained for how many epochs, round by round.
func (s *Sweep) Rungs() (points, epochs []int) {
	for _, r := range s.rungs {
		points = append(points, r.keep(len(s.Points)))
		epochs = append(epochs, r.epochs)
	}
	return points, epochs
}

// levels lists which of some points are at each rung, as far as is known: those of a
// rung are chosen when all trials of the one before it are done.
func (s *Sweep) levels(points []int, done Results) [][]int {
	levels := [][]int{points}
	for k := 1; k < len(s.rungs); k++ {
		scores := make([]score, 0, len(levels[k-1]))
		for _, i := range levels[k-1] {
			c, complete := s.score(k-1, i, done)
			if !complete {
				return levels
			}
			scores = append(scores, c)
		}
		slices.SortStableFunc(scores, score.compare)
		alive := make([]int, s.rungs[k].keep(len(points)))
		for j := range alive {
			alive[j] = scores[j].point
		}
		slices.Sort(alive)
		levels = append(levels, alive)
	}
	return levels
}

// score is how well a point did at a rung: means over the seeds that are done.
type score struct {
	point          int
	accuracy, loss float64
	results        []Result
}

// compare puts the better of two first: by accuracy, then by loss, then by place in
// the sweep.
func (a score) compare(b score) int {
	return cmp.Or(-cmp.Compare(a.accuracy, b.accuracy), cmp.Compare(a.loss, b.loss), cmp.Compare(a.point, b.point))
}

// score is the score of a point at a rung, and whether all seeds are done.
func (s *Sweep) score(k, point int, done Results) (c score, complete bool) {
	c.point = point
	for _, t := range s.trials[k][point] {
		if r, there := done[t.id]; there {
			c.results = append(c.results, r)
			c.accuracy += r.Accuracy
			c.loss += r.Loss
			if r.Diverged != "" {
				c.loss = math.Inf(1) // the last of those that guess
			}
		}
	}
	if n := float64(len(c.results)); n > 0 {
		c.accuracy /= n
		c.loss /= n
	}
	return c, len(c.results) == len(s.Seeds)
}
