package train

import (
	"fmt"
	"math"
	"slices"

	"glyph/internal/message"
)

// Schedule is how the learning rate changes over a training of a known number of
// steps, as a factor of the base rate.
type Schedule struct {
	Kind   ScheduleKind
	Warmup int // epochs of linear warm-up from 0 before it

	// StepEpochs and StepFactor belong to StepSchedule: the rate is multiplied
	// by StepFactor after every StepEpochs epochs.
	StepEpochs int
	StepFactor float64

	// From belongs to Ramp: the factor of the first step.
	From float64
}

// ScheduleKind names a schedule.
type ScheduleKind uint8

// The schedules, over s = step/steps in [0, 1).
const (
	Constant ScheduleKind = iota // 1
	// StepSchedule: StepFactor to the power of ⌊epoch/StepEpochs⌋.
	StepSchedule
	// Cosine: (1 + cos πs)/2 (Loshchilov & Hutter 2017, eq. 5, one cycle).
	Cosine
	// OneCycle: up from 1/25 to 1 over the first 30 %, then down to 1e-4/25,
	// both along a half cosine (Smith & Topin 2019, in the form most
	// frameworks have).
	OneCycle
	scheduleKinds
	// Ramp: From^(1 - s), rising evenly in the logarithm. It is the schedule of
	// [FindRate] and has no name that ParseSchedule knows.
	Ramp
)

var scheduleNames = [scheduleKinds]string{"constant", "step", "cosine", "one-cycle"}

// ScheduleNames lists the names that ParseSchedule knows.
func ScheduleNames() []string { return slices.Clone(scheduleNames[:]) }

// ParseSchedule finds a schedule by name. A step schedule divides by 10 after
// each third of the epochs unless StepEpochs and StepFactor are set.
func ParseSchedule(name string) (Schedule, error) {
	for k, n := range scheduleNames {
		if n == name {
			return Schedule{Kind: ScheduleKind(k), StepFactor: 0.1}, nil
		}
	}
	return Schedule{}, message.Unknown("schedule", name, scheduleNames[:])
}

// String is the schedule's name.
func (s Schedule) String() string {
	if s.Kind >= scheduleKinds {
		return fmt.Sprintf("schedule(%d)", s.Kind)
	}
	return scheduleNames[s.Kind]
}

// Rate is the learning rate of a step, from 0, of epochs × stepsPerEpoch.
func (s Schedule) Rate(base float64, step, epochs, stepsPerEpoch int) float32 {
	steps := epochs * stepsPerEpoch
	warm := min(s.Warmup*stepsPerEpoch, steps)
	if step < warm {
		return float32(base * (float64(step+1) / float64(warm)))
	}
	return float32(base * s.factor(float64(step-warm)/float64(steps-warm), step/stepsPerEpoch, epochs))
}

// table is the learning rate of every step up to the one after which it stays the
// same: an optimizer uses the last entry for all later steps.
func (s Schedule) table(base float64, epochs, stepsPerEpoch int) []float32 {
	rates := make([]float32, s.changes(epochs, stepsPerEpoch))
	for i := range rates {
		rates[i] = s.Rate(base, i, epochs, stepsPerEpoch)
	}
	return rates
}

// changes is how many learning rates there are before they stay the same.
func (s Schedule) changes(epochs, stepsPerEpoch int) int {
	steps := epochs * stepsPerEpoch
	if s.Kind == Constant {
		return min(s.Warmup*stepsPerEpoch+1, steps)
	}
	return steps
}

// factor is the schedule's factor at s = step/steps in [0, 1) of what follows
// the warm-up.
func (s Schedule) factor(at float64, epoch, epochs int) float64 {
	switch s.Kind {
	case StepSchedule:
		every := s.StepEpochs
		if every < 1 {
			every = max(1, (epochs+2)/3)
		}
		return math.Pow(s.StepFactor, float64(epoch/every))
	case Ramp:
		return math.Pow(s.From, 1-at)
	case Cosine:
		return (1 + math.Cos(math.Pi*at)) / 2
	case OneCycle:
		const up, first, last = 0.3, 1.0 / 25, 1e-4 / 25
		if at < up {
			return between(first, 1, at/up)
		}
		return between(1, last, (at-up)/(1-up))
	}
	return 1
}

// between interpolates from a to b along a half cosine as s goes from 0 to 1.
func between(a, b, s float64) float64 { return b + (a-b)*(1+math.Cos(math.Pi*s))/2 }
