package kmnist

// Set is labelled grey images.
type Set struct {
	Images []uint8 // (Len, H, W), row-major, 0 black to 255 white
	Labels []uint8 // the class of each image
	H, W   int
}

// Len is the number of images.
func (s Set) Len() int { return len(s.Labels) }

// classes is one more than the greatest label.
func (s Set) classes() int {
	n := 0
	for _, c := range s.Labels {
		n = max(n, int(c)+1)
	}
	return n
}

// Image is the pixels of image i.
func (s Set) Image(i int) []uint8 { return s.Images[i*s.H*s.W:][:s.H*s.W] }

// Data is a training and a test set.
type Data struct {
	Train, Test Set
	Classes     []Class  // by label
	Name        string   // what opens it again: "kmnist", "synthetic" or the directory
	Source      string   // where it came from, in a sentence
	Files       []string // that were read, of images, labels and names; none for drawn characters
	Notes       []string // what a person should know of it, a line each
}

// Names that Open takes beside directories.
const (
	Auto     = "auto"
	Official = "kmnist"
	Drawn    = "synthetic"
)
