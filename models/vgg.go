package models

import "glyph"

// VGGDropout is the default rate of the vgg preset, before its dense layer.
const VGGDropout = 0.3

// vgg is pairs of 3×3 convolutions with max pooling between the pairs (Simonyan &
// Zisserman 2015), each convolution normalised over the batch (Ioffe & Szegedy
// 2015), and global max pooling in place of large dense layers.
var vgg = preset{
	name:  "vgg",
	about: "pairs of 3×3 convolutions with batch normalisation, max pooling between the pairs, global max pooling",
	defaults: Spec{
		Filters: []int{24, 48, 96}, Activation: "relu", Dropout: []float64{VGGDropout}, Norm: NormBatch, Init: "he-normal",
	},
	places:   func(Spec) int { return 1 },
	halvings: func(s Spec) int { return len(s.Filters) - 1 },
	graph: func(s Spec, act glyph.Activation, dropout []float32) Graph {
		c := chain{}
		for i, filters := range s.Filters {
			if i > 0 {
				c.add(MaxPool2D{glyph.Pool{Size: 2, Stride: 2}})
			}
			for range 2 {
				if s.Norm == NormNone {
					c.add(conv3(filters, 1, act))
				} else {
					c.add(bareConv3(filters, 1), BatchNorm2D{glyph.DefaultBatchNorm(), act})
				}
			}
		}
		c.add(GlobalPool2D{glyph.Maximum})
		c.dropout(dropout[0])
		c.add(Dense{Units: s.Classes})
		return c.g
	},
}

// bareConv3 is a convolution of 3×3 whose bias and activation are left to a
// normalisation.
func bareConv3(filters, stride int) Conv2D {
	return Conv2D{Filters: filters, Kernel: 3, Conv: glyph.Conv{Stride: stride, Pad: 1}, NoBias: true}
}
