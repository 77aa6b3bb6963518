package train_test

import (
	"context"
	"fmt"
	"log"

	"glyph"
	"glyph/cpu"
	"glyph/models"
	"glyph/train"
)

// An MLP learns to tell on which of four rows of an image the bar is.
func Example() {
	bars := func(n int) (s train.Set) {
		s.Shape = glyph.Shape{4, 4, 1}
		for i := range n {
			image := make([]uint8, 16)
			for x := range 4 {
				image[i%4*4+x] = uint8(100 + (37*i+11*x)%100)
			}
			s.Images, s.Labels = append(s.Images, image...), append(s.Labels, uint8(i%4))
		}
		return s
	}
	data := train.Data{Train: bars(400), Test: bars(80), Classes: 4, Mean: []float32{40}, Scale: []float32{0.01}}
	spec := models.Spec{Model: "mlp", Input: []int{4, 4, 1}, Classes: 4, Hidden: []int{16}}
	options := train.Options{Epochs: 5, Batch: 16, LR: 0.01, Rule: glyph.NewOptimizer(glyph.Adam), Seed: 1}

	b := cpu.New[float32](0)
	defer b.Close()
	net, err := models.New(b, spec, options.Batch)
	if err != nil {
		log.Fatal(err)
	}
	net.Init(options.Seed)
	result, err := train.Run(context.Background(), b, net, data, options, train.Callbacks{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d epochs, %.0f %% of the test images\n", len(result.Epochs), 100*result.Test.Accuracy)
	// Output: 5 epochs, 100 % of the test images
}
