package models_test

import (
	"testing"

	"glyph"
	"glyph/models"
)

// Every kind says what it is in the words of the summary and of tensor names.
func TestLayerStrings(t *testing.T) {
	relu := glyph.Activation{Kind: glyph.ReLU}
	for _, c := range []struct {
		layer     models.Layer
		kind, str string
	}{
		{models.Dense{Units: 256, Activation: glyph.Leaky(0.2)}, "dense", "dense 256, leaky-relu:0.2"},
		{models.Dense{Units: 10}, "dense", "dense 10"},
		{models.Conv2D{Filters: 32, Kernel: 3, Conv: glyph.Conv{Stride: 1, Pad: 1}, Activation: relu}, "conv2d", "conv2d 3×3, 32, stride 1, pad 1, relu"},
		{models.MaxPool2D{Pool: glyph.Pool{Size: 2, Stride: 1}}, "maxpool2d", "maxpool2d 2×2, stride 1"},
		{models.Dropout{Rate: 0.1}, "dropout", "dropout 0.1"},
		{models.Flatten{}, "flatten", "flatten"},
		{models.Conv2D{Filters: 8, Kernel: 1, Conv: glyph.Conv{Stride: 2}, NoBias: true}, "conv2d", "conv2d 1×1, 8, stride 2, pad 0, no bias"},
		{models.BatchNorm2D{Norm: glyph.DefaultBatchNorm(), Activation: relu}, "batchnorm2d", "batchnorm2d eps 1e-05, momentum 0.1, relu"},
		{models.Add{Activation: relu}, "add", "add, relu"},
		{models.AvgPool2D{Pool: glyph.Pool{Size: 3, Stride: 2}}, "avgpool2d", "avgpool2d 3×3, stride 2"},
		{models.GlobalPool2D{Pool: glyph.Maximum}, "globalpool2d", "globalpool2d maximum"},
	} {
		if c.layer.Kind() != c.kind || c.layer.String() != c.str {
			t.Errorf("%#v is %q, %q; want %q, %q", c.layer, c.layer.Kind(), c.layer, c.kind, c.str)
		}
	}
}

func TestParams(t *testing.T) {
	conv := models.Conv2D{Filters: 32, Kernel: 3, Conv: glyph.Conv{Stride: 2}}
	p := conv.Params(glyph.Shape{28, 28, 16})
	if len(p) != 2 || p[0] != (models.Param{Name: "weight", Shape: glyph.Shape{32, 3, 3, 16}, Start: models.Random, FanIn: 144, FanOut: 288}) ||
		p[1] != (models.Param{Name: "bias", Shape: glyph.Shape{32}, Role: models.Trained}) {
		t.Errorf("parameters of a convolution: %+v", p)
	}
	if got := conv.FLOPs(glyph.Shape{28, 28, 16}); got != 2*13*13*32*9*16 {
		t.Errorf("FLOPs of a convolution with stride 2: %d", got)
	}
	p = models.Dense{Units: 7}.Params(glyph.Shape{20})
	if len(p) != 2 || p[0] != (models.Param{Name: "weight", Shape: glyph.Shape{7, 20}, Start: models.Random, FanIn: 20, FanOut: 7}) ||
		p[1] != (models.Param{Name: "bias", Shape: glyph.Shape{7}, Role: models.Trained}) {
		t.Errorf("parameters of a dense layer: %+v", p)
	}
}
