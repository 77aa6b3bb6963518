package space

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"glyph/internal/message"
	"glyph/settings"
)

// digits is how many significant digits a drawn number has: so few that machines agree
// on them although their logarithms may differ in the last bit, and easy to read.
const digits = 3

// drawn lists points drawn at random, without repetition. The first ones stay the same
// when more are asked for. There are fewer if the space has no more.
func (s Space) drawn(axes []axis, base settings.Training) ([]settings.Training, error) {
	switch {
	case s.Draw > MaxPoints:
		return nil, fmt.Errorf("at most %s points can be drawn, not %s", message.Thousands(MaxPoints), message.Thousands(s.Draw))
	case len(s.Varied()) == 0:
		return nil, errors.New("there is nothing to draw: no setting has more than one value")
	}
	random := rand.NewPCG(s.DrawSeed, 0)
	var points []settings.Training
	seen := map[string]bool{}
	for tries := 0; len(points) < s.Draw && tries < 100*s.Draw; tries++ {
		p, values := base, make([]string, len(axes))
		for i, a := range axes {
			values[i] = a.draw(random)
			if err := a.of.Set(&p, values[i]); err != nil {
				return nil, fmt.Errorf("%s %w", a.Setting, err)
			}
		}
		if key := strings.Join(values, "\x00"); !seen[key] {
			seen[key] = true
			points = append(points, p)
		}
	}
	return points, nil
}

// draw is a random value of the axis. An axis with one value uses no random number.
func (a Axis) draw(random *rand.PCG) string {
	if a.Range == nil {
		if len(a.Values) == 1 {
			return a.Values[0]
		}
		return a.Values[int(unit(random)*float64(len(a.Values)))]
	}
	r, u := a.Range, unit(random)
	x := r.Low + u*(r.High-r.Low)
	if r.Whole {
		x = math.Floor(r.Low + u*(r.High-r.Low+1))
	}
	if r.Log {
		x = math.Exp(math.Log(r.Low) + u*(math.Log(r.High)-math.Log(r.Low)))
		if r.Whole {
			x = math.Round(x)
		}
	}
	if r.Whole {
		return strconv.FormatFloat(min(max(x, r.Low), r.High), 'f', -1, 64)
	}
	short, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	return number(min(max(short, r.Low), r.High))
}

// unit is a number in [0, 1).
func unit(random *rand.PCG) float64 { return float64(random.Uint64()>>11) / (1 << 53) }
