package models

import (
	"slices"

	"glyph"
)

// memory is where the outputs of a step and their gradients lie. Places are
// buffers; sizes are in elements a sample.
type memory struct {
	size   []int      // of every place
	apart  int        // elements that all tensors would take if they shared nothing
	output []int      // the place of each stage's output; -1 for a view
	back   []backward // the operations of the backward pass, in order
	loss   int        // the place of the gradient of the network's output, or -1
}

// backward is one operation of a backward pass: the Backward of a stage, or the sum
// of two gradients of one value. Operands are places; -1 is none.
type backward struct {
	stage  int // -1 for a sum
	dy, dx int // of a stage
	value  Value
	sum    [3]int // sum[0] = sum[1] + sum[2], of the gradient of value
}

// sample is the elements that a sample takes, without the network's input.
func (m memory) sample() int {
	n := 0
	for _, size := range m.size {
		n += size
	}
	return n
}

// StepMemory is the number of bytes that the outputs of the layers and their gradients
// take in training, as float32, for each image of a batch. Tensors share memory if one
// is no longer needed when the other is written; apart is what they would take
// otherwise.
func StepMemory(stages []Stage) (shared, apart int) {
	m := planMemory(stages, true)
	return 4 * m.sample(), 4 * m.apart
}

// planMemory gives a place to every output and, in training, to every gradient.
// Times are numbered: the forward operations by their stages, then the loss, then the
// backward operations.
func planMemory(stages []Stage, training bool) memory {
	p := tape{stages: stages, reads: make([]int, len(stages)+1)}
	p.forward(training)
	if training {
		p.backward(false)
	}
	m := memory{output: make([]int, len(stages)), back: p.ops, loss: -1}
	var lives []lifetime
	for i, s := range stages {
		m.output[i] = -1
		if p.roots[i+1] == Value(i+1) {
			m.output[i] = len(lives)
			lives = append(lives, lifetime{size: s.Out.Size(), from: i, to: max(i, p.reads[i+1])})
		}
	}
	outputs := len(lives)
	lives = append(lives, p.gradients...)
	for _, l := range lives {
		m.apart += l.size
	}
	var place []int
	place, m.size = share(lives)
	for i, at := range m.output {
		if at >= 0 {
			m.output[i] = place[at]
		}
	}
	of := func(gradient int) int {
		if gradient < 0 {
			return -1
		}
		return place[outputs+gradient]
	}
	for i, op := range m.back {
		m.back[i].dy, m.back[i].dx = of(op.dy), of(op.dx)
		for j, g := range op.sum {
			m.back[i].sum[j] = of(g)
		}
	}
	if training {
		m.loss = of(0)
	}
	return m
}

// tape follows a step through the stages. Gradients are numbered as they are
// written; that of the network's output is 0.
type tape struct {
	stages    []Stage
	roots     []Value // the value whose memory each value is
	reads     []int   // when each root is last read
	gradients []lifetime
	ops       []backward
	total     []int // the gradient of each value, with all terms; -1 for none
}

// forward finds the views and the last readers in a forward pass.
func (p *tape) forward(training bool) {
	p.roots = []Value{Input}
	for i, s := range p.stages {
		own := Value(i + 1)
		if s.Layer.View(training) {
			own = p.roots[s.Inputs[0]]
		}
		p.roots = append(p.roots, own)
		for _, v := range s.Inputs {
			p.reads[p.roots[v]] = i
		}
	}
	p.reads[p.roots[len(p.stages)]] = len(p.stages) // the loss, or whoever asked for the output
}

// backward writes down the operations of the backward pass. The gradients of a
// value with several readers are added from the last reader to the first. It returns
// the gradient of the network's input if that is wanted, and otherwise -1.
func (p *tape) backward(input bool) int {
	wanted := []bool{input} // whether a gradient is needed: parameters lie before the value, or it is the input
	for _, s := range p.stages {
		t := len(s.Params) > 0
		for _, v := range s.Inputs {
			t = t || wanted[v]
		}
		wanted = append(wanted, t)
	}
	n := len(p.stages)
	terms := make([][]int, n+1) // the gradients of each value
	p.total = slices.Repeat([]int{-1}, n+1)
	terms[n] = []int{p.gradient(Value(n))}
	for i := n - 1; i >= 0; i-- {
		if !wanted[i+1] {
			continue
		}
		dy, s := p.sum(Value(i+1), terms[i+1]), p.stages[i]
		p.total[i+1] = dy
		dx := dy
		if !s.passes() {
			dx = -1
			p.read(dy)
			for _, v := range s.Inputs {
				p.reads[p.roots[v]] = p.now()
				if wanted[v] && dx < 0 {
					if dx = p.gradient(v); s.follows() {
						p.early(dx, dy)
					}
				}
			}
			p.reads[p.roots[i+1]] = p.now()
			p.ops = append(p.ops, backward{stage: i, dy: dy, dx: dx, sum: [3]int{-1, -1, -1}})
		}
		for _, v := range s.Inputs {
			if wanted[v] {
				terms[v] = append(terms[v], dx)
			}
		}
	}
	if !input {
		return -1
	}
	return p.sum(Input, terms[Input])
}

// now is the time of the next backward operation.
func (p *tape) now() int { return len(p.stages) + 1 + len(p.ops) }

// gradient is a new gradient of a value, which the next operation writes.
func (p *tape) gradient(v Value) int {
	from := p.now()
	if len(p.gradients) == 0 {
		from = len(p.stages) // the loss
	}
	p.gradients = append(p.gradients, lifetime{size: shapeOf(p.stages, v).Size(), from: from, to: from})
	return len(p.gradients) - 1
}

// early gives gradient dx its memory from the time that dy gets its own, so that a kernel
// can write dx in place of dy: nothing that is read to make dy shares that memory.
func (p *tape) early(dx, dy int) {
	from := &p.gradients[dx].from
	*from = max(p.gradients[dy].from, p.gradients[dx-1].from)
}

func (p *tape) read(gradient int) { p.gradients[gradient].to = p.now() }

// sum adds the gradients of a value.
func (p *tape) sum(v Value, terms []int) int {
	total := terms[0]
	for _, term := range terms[1:] {
		p.read(total)
		p.read(term)
		sum := p.gradient(v)
		p.ops = append(p.ops, backward{stage: -1, dy: -1, dx: -1, value: v, sum: [3]int{sum, total, term}})
		total = sum
	}
	return total
}

// shapeOf is the shape of a value. The first stage reads the network's input.
func shapeOf(stages []Stage, v Value) glyph.Shape {
	if v == Input {
		return stages[0].In
	}
	return stages[v-1].Out
}

// follows reports whether the gradient of a stage's input follows from that of its output
// in a kernel that has made the latter.
func (s Stage) follows() bool {
	switch s.Layer.(type) {
	case MaxPool2D, Dropout:
		return true
	}
	return false
}

// passes reports whether the gradient of a stage's inputs is that of its output, in
// the same memory.
func (s Stage) passes() bool {
	m, ok := s.Layer.(Merger)
	return s.Layer.View(true) || ok && m.Passes()
}
