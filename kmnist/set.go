package kmnist

// Set is a set of labelled images.
type Set struct {
	Images []uint8 // (Len, H, W, Channels), row-major, 0 black to 255 white
	Labels []uint8 // the class of each image
	H, W   int
	C      int // 3 for red, green and blue; 0 and 1 are grey
}

// Channels returns the numbers that each pixel has: 1 or 3.
func (s Set) Channels() int { return max(1, s.C) }

// size returns the numbers that each image has.
func (s Set) size() int { return s.H * s.W * s.Channels() }

// Len returns the number of images.
func (s Set) Len() int { return len(s.Labels) }

// classes returns one more than the greatest label.
func (s Set) classes() int {
	n := 0
	for _, c := range s.Labels {
		n = max(n, int(c)+1)
	}
	return n
}

// Image returns the pixels of image i, which are part of s.Images.
func (s Set) Image(i int) []uint8 { return s.Images[i*s.size():][:s.size()] }

// Count returns how many images each of so many classes has, and which is its
// first, or -1 where it has none.
func (s Set) Count(classes int) (counts, first []int) {
	counts, first = make([]int, classes), make([]int, classes)
	for c := range first {
		first[c] = -1
	}
	for i, c := range s.Labels {
		if counts[c]++; first[c] < 0 {
			first[c] = i
		}
	}
	return counts, first
}

// Data is a training set and a test set.
type Data struct {
	Train, Test Set
	Classes     []Class  // by label
	Name        string   // opens the same data again: "kmnist", "synthetic" or an absolute path
	Source      string   // a description of where it came from
	Files       []string // the files that were read; none for drawn characters
	Notes       []string // what a user should know about the data, one line each
	Pictures    bool     // it is a folder of pictures, framed as Options.Pictures says
}

// Names of data that are not directories; see Open.
const (
	Auto     = "auto"
	Official = "kmnist"
	Drawn    = "synthetic"
)
