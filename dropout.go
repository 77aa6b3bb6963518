package glyph

// Mask is what dropout is drawn from: element i of a tensor is kept in a step
// when word i mod 4 of
//
//	Philox(counter {i/4, step, ID, StreamDropout}, key Seed)
//
// is at least Threshold. Step is read from the clock on the device, so a
// recorded step drops different units each time it is replayed, and forward and
// backward agree without a stored mask.
type Mask struct {
	Rate float32 // p, the probability of being dropped, 0 <= p < 1
	Seed uint64
	ID   uint32 // distinguishes the dropout layers of a network
}

// Threshold is round-down(p·2³²): the integer comparison that every backend
// makes, so that masks agree bit for bit.
func (m Mask) Threshold() uint32 { return uint32(float64(m.Rate) * (1 << 32)) }

// Scale is 1/(1 - p) as float32, which keeps the expected value.
func (m Mask) Scale() float32 { return 1 / (1 - m.Rate) }

// Counter is the counter of a step's first block of four elements; the first
// word counts the blocks.
func (m Mask) Counter(step int32) [4]uint32 {
	return [4]uint32{0, uint32(step), m.ID, uint32(StreamDropout)}
}

// Keeps reports whether element i survives in that step: the definition.
func (m Mask) Keeps(i int, step int32) bool {
	counter := m.Counter(step)
	counter[0] = uint32(i / 4)
	return Philox(counter, Key(m.Seed))[i%4] >= m.Threshold()
}

// CheckDropout panics unless the operands of Dropout fit together.
func CheckDropout(y, x Tensor, m Mask, clock Ints) {
	const op = "Dropout"
	inside(op, "x", x)
	want(op, "y", y, x.Shape)
	fraction(op, "rate", m.Rate)
	checkClock(op, clock)
	apart(op, []operand{{"y", y}}, operand{"x", x})
}
