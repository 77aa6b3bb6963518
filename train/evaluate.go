package train

import (
	"context"

	"glyph"
	"glyph/models"
)

// Evaluation is how well a network does on a set. Loss is the mean cross-entropy in
// nats, without the L2 penalty and without label smoothing.
type Evaluation struct {
	Loss      float64
	Accuracy  float64
	Confusion [][]int // [label][prediction]
}

// BalancedAccuracy is the mean recall over the classes, the share of a class's images
// that were recognised (Brodersen et al. 2010, "The balanced accuracy and its posterior
// distribution"). Classes without images don't count; without any images it is 0.
// counts is a confusion matrix, [label][prediction].
func BalancedAccuracy(counts [][]int) float64 {
	sum, classes := 0.0, 0
	for label, row := range counts {
		if n := total(row); n > 0 {
			sum += float64(row[label]) / float64(n)
			classes++
		}
	}
	return sum / float64(max(classes, 1))
}

// Unbalanced reports whether the largest class of a confusion matrix has more than one
// and a half times as many images as the smallest, so that the accuracy depends mostly
// on the large ones. Classes without images don't count.
func Unbalanced(counts [][]int) bool {
	least, most := 0, 0
	for _, row := range counts {
		if n := total(row); n > 0 {
			most = max(most, n)
			if least == 0 || n < least {
				least = n
			}
		}
	}
	return 2*most > 3*least
}

func total(row []int) (n int) {
	for _, k := range row {
		n += k
	}
	return n
}

// evaluator evaluates a network on one set, any number of times.
type evaluator struct {
	*pass
	counts glyph.Ints
	inRow  []int32 // the order 0, 1, 2 ...
	zeros  []int32
}

func newEvaluator(b glyph.Backend, net *models.Network, set Set, data Data) *evaluator {
	e := &evaluator{
		pass:   newPass(b, net, upload(b, set, data.Mean, data.Scale), net.Batch(), data.Classes),
		counts: b.AllocInts(data.Classes * data.Classes),
		inRow:  make([]int32, set.Len()),
		zeros:  make([]int32, data.Classes*data.Classes),
	}
	for i := range e.inRow {
		e.inRow[i] = int32(i)
	}
	return e
}

// Evaluate runs the network over the test set, dropout off.
func Evaluate(ctx context.Context, b glyph.Backend, net *models.Network, data Data) (Evaluation, error) {
	if err := data.Validate(); err != nil {
		return Evaluation{}, err
	}
	if err := data.fits(net); err != nil {
		return Evaluation{}, err
	}
	return newEvaluator(b, net, data.Test, data).run(ctx)
}

func (e *evaluator) run(ctx context.Context) (Evaluation, error) {
	e.begin(0, e.inRow)
	e.b.WriteInts(e.counts, e.zeros)
	sum, bad, err := e.walk(ctx, e.step, nil, nil)
	if err != nil {
		return Evaluation{}, err
	}
	if err := ctx.Err(); err != nil {
		return Evaluation{}, err
	}
	if bad != nil {
		return Evaluation{}, &NotFinite{Where: "the loss of an evaluation", Step: bad.bad + 1}
	}
	counts := make([]int32, e.classes*e.classes)
	if err := e.b.ReadInts(counts, e.counts); err != nil {
		return Evaluation{}, err
	}
	result := Evaluation{Loss: sum.loss, Accuracy: sum.accuracy(), Confusion: make([][]int, e.classes)}
	for label := range result.Confusion {
		result.Confusion[label] = make([]int, e.classes)
		for prediction := range e.classes {
			result.Confusion[label][prediction] = int(counts[label*e.classes+prediction])
		}
	}
	return result, nil
}

// step asks for the operations of evaluating n samples.
func (e *evaluator) step(n int) {
	_, target := e.gather(n)
	logits := e.net.Forward(n, false)
	loss, hits := e.loss.Head(n), e.hits.Head(n)
	e.b.SoftmaxCrossEntropy(loss, hits, glyph.Tensor{}, logits, target)
	e.b.Confusion(e.counts, logits, target)
	e.b.Advance(e.clock, e.log, loss, hits, glyph.Tensor{})
}
