package kmnist

// Set is labelled grey images.
type Set struct {
	Images []uint8 // (Len, H, W), row-major, 0 black to 255 white
	Labels []uint8 // 0 to 9
	H, W   int
}

// Len is the number of images.
func (s Set) Len() int { return len(s.Labels) }

// Image is the pixels of image i.
func (s Set) Image(i int) []uint8 { return s.Images[i*s.H*s.W:][:s.H*s.W] }

// Data is a training and a test set.
type Data struct {
	Train, Test Set
	Classes     int
	Name        string // what opens it again: "kmnist", "synthetic" or the directory
	Source      string // where it came from, in a sentence
}

// Names that Open takes beside directories.
const (
	Auto     = "auto"
	Official = "kmnist"
	Drawn    = "synthetic"
)

// Class is a character.
type Class struct{ Kana, Romaji string }

// Classes is the characters, by label.
var Classes = [10]Class{
	{"お", "o"}, {"き", "ki"}, {"す", "su"}, {"つ", "tsu"}, {"な", "na"},
	{"は", "ha"}, {"ま", "ma"}, {"や", "ya"}, {"れ", "re"}, {"を", "wo"},
}
