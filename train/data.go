package train

import (
	"fmt"

	"glyph"
)

// Set is labelled images on the host.
type Set struct {
	Images []uint8     // pixels 0 to 255, (Len, H, W, C)
	Labels []uint8     // classes
	Shape  glyph.Shape // (H, W, C)
}

// Len is the number of images.
func (s Set) Len() int { return len(s.Labels) }

// Data is what a training needs. Holdout may be empty.
type Data struct {
	Train, Holdout, Test Set
	Classes              int

	// Mean and Scale standardise pixels: (pixel - Mean)·Scale, one element
	// each, or one for every pixel of an image.
	Mean, Scale []float32
}

// Validate tells what does not fit together.
func (d Data) Validate() error {
	if d.Train.Len() == 0 {
		return fmt.Errorf("there are no training images")
	}
	for _, s := range []struct {
		name string
		Set
	}{{"training", d.Train}, {"hold-out", d.Holdout}, {"test", d.Test}} {
		if s.Len() == 0 {
			continue
		}
		if s.Shape != d.Train.Shape {
			return fmt.Errorf("%s images are %v and training images %v", s.name, s.Shape, d.Train.Shape)
		}
		if len(s.Images) != s.Len()*s.Shape.Size() {
			return fmt.Errorf("%d %s labels do not fit %d bytes of %v images", s.Len(), s.name, len(s.Images), s.Shape)
		}
		for i, label := range s.Labels {
			if int(label) >= d.Classes {
				return fmt.Errorf("%s label %d is %d, of %d classes", s.name, i, label, d.Classes)
			}
		}
	}
	if len(d.Mean) != len(d.Scale) || (len(d.Mean) != 1 && len(d.Mean) != d.Train.Shape.Size()) {
		return fmt.Errorf("%d means and %d scales for images of %d pixels", len(d.Mean), len(d.Scale), d.Train.Shape.Size())
	}
	return nil
}

// upload puts a set on the device, with the standardisation.
func upload(b glyph.Backend, s Set, mean, scale []float32) glyph.Dataset {
	d := glyph.Dataset{
		Images: b.Upload(s.Images),
		Labels: b.Upload(s.Labels),
		Shape:  s.Shape.Batched(s.Len()),
		Mean:   glyph.NewTensor(b, glyph.Shape{len(mean)}),
		Scale:  glyph.NewTensor(b, glyph.Shape{len(scale)}),
	}
	b.Write(d.Mean, mean)
	b.Write(d.Scale, scale)
	return d
}
