package kmnist

import "slices"

// uprightEMNIST turns EMNIST's images, which are stored transposed (Cohen et al. 2017,
// "EMNIST: an extension of MNIST to handwritten letters"), upright, and shifts the labels
// of its letters, which begin at 1, to begin at 0.
func (d *Data) uprightEMNIST() {
	d.Train, d.Test = d.Train.transposed(), d.Test.transposed()
	note := "EMNIST's images are stored transposed; they were turned upright"
	if !slices.Contains(d.Train.Labels, 0) && !slices.Contains(d.Test.Labels, 0) {
		for _, labels := range [][]uint8{d.Train.Labels, d.Test.Labels} {
			for i := range labels {
				labels[i]--
			}
		}
		note += ", and the labels of its letters, which begin at 1, now begin at 0"
	}
	d.Notes = append(d.Notes, note)
}

// transposed returns the images with rows and columns exchanged.
func (s Set) transposed() Set {
	t := Set{Images: make([]uint8, len(s.Images)), Labels: s.Labels, H: s.W, W: s.H, C: s.C}
	c := s.Channels()
	for i := range s.Len() {
		from, to := s.Image(i), t.Image(i)
		for y := range s.H {
			for x := range s.W {
				copy(to[(x*s.H+y)*c:][:c], from[(y*s.W+x)*c:])
			}
		}
	}
	return t
}
