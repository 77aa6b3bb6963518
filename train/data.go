package train

import (
	"errors"
	"fmt"

	"glyph"
	"glyph/models"
)

// Set is labelled images on the host.
type Set struct {
	Images []uint8     // pixels 0 to 255, (Len, H, W, C)
	Labels []uint8     // classes
	Shape  glyph.Shape // (H, W, C)
}

// Len is the number of images.
func (s Set) Len() int { return len(s.Labels) }

// Data is what a training needs; Validation and Test may be empty. An evaluation
// needs Test alone.
type Data struct {
	Train, Validation, Test Set
	Classes                 int

	// Mean and Scale normalise pixels: (pixel - Mean)·Scale, one element
	// each, or one for every pixel of an image.
	Mean, Scale []float32
}

// Validate tells what does not fit together.
func (d Data) Validate() error {
	if d.shape().Size() == 0 {
		return errors.New("there are no images")
	}
	for _, s := range []struct {
		name string
		Set
	}{{"training", d.Train}, {"validation set", d.Validation}, {"test", d.Test}} {
		if s.Len() == 0 {
			continue
		}
		if s.Shape != d.shape() {
			return fmt.Errorf("%s images are %v and others %v", s.name, s.Shape, d.shape())
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
	if len(d.Mean) != len(d.Scale) || (len(d.Mean) != 1 && len(d.Mean) != d.shape().Size()) {
		return fmt.Errorf("%d means and %d scales for images of %d pixels", len(d.Mean), len(d.Scale), d.shape().Size())
	}
	return nil
}

// shape is that of the first images there are.
func (d Data) shape() glyph.Shape {
	for _, s := range []Set{d.Train, d.Validation, d.Test} {
		if s.Len() > 0 {
			return s.Shape
		}
	}
	return glyph.Shape{}
}

// fits tells why the network can't take the data.
func (d Data) fits(net *models.Network) error {
	if want := net.Input(1).Shape.Sample(); d.shape() != want {
		return fmt.Errorf("the images are %v and the network takes %v", d.shape(), want)
	}
	if d.Classes != net.Classes() {
		return fmt.Errorf("the data has %d classes and the network %d", d.Classes, net.Classes())
	}
	return nil
}

// upload puts a set on the device, with the normalisation.
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
