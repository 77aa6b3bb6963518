package kmnist

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Class is the name of a class. Symbol is the character itself, such as お, and is
// empty for classes that are not characters. Name is in letters that every font has,
// such as o or T-shirt.
type Class struct{ Symbol, Name string }

// classCount is the number of KMNIST's classes.
const classCount = 10

// Characters returns the ten characters of KMNIST, by label, in a new slice.
func Characters() []Class {
	return []Class{
		{"お", "o"}, {"き", "ki"}, {"す", "su"}, {"つ", "tsu"}, {"な", "na"},
		{"は", "ha"}, {"ま", "ma"}, {"や", "ya"}, {"れ", "re"}, {"を", "wo"},
	}
}

// FashionMNIST returns the ten classes of Fashion-MNIST (Xiao et al. 2017), by label,
// in a new slice.
func FashionMNIST() []Class {
	return []Class{
		{Name: "T-shirt/top"}, {Name: "Trouser"}, {Name: "Pullover"}, {Name: "Dress"}, {Name: "Coat"},
		{Name: "Sandal"}, {Name: "Shirt"}, {Name: "Sneaker"}, {Name: "Bag"}, {Name: "Ankle boot"},
	}
}

// Numbered returns n classes that are named by their labels: 0, 1, 2 and so on.
func Numbered(n int) []Class {
	classes := make([]Class, max(0, n))
	for i := range classes {
		classes[i].Name = strconv.Itoa(i)
	}
	return classes
}

// String returns the symbol, if there is one, and the name: "お o" or "T-shirt".
func (c Class) String() string {
	if c.Symbol == "" || c.Symbol == c.Name {
		return c.Name
	}
	return c.Symbol + " " + c.Name
}

// Short returns the symbol, or the name if there is no symbol.
func (c Class) Short() string {
	if c.Symbol == "" {
		return c.Name
	}
	return c.Symbol
}

// maxName is the most characters in a symbol or a name.
const maxName = 60

// MarshalText returns the class as a line of a file of names: NAME, or SYMBOL, a
// tab and NAME. UnmarshalText reads it back. The error is always nil.
func (c Class) MarshalText() ([]byte, error) {
	if c.Symbol == "" {
		return []byte(c.Name), nil
	}
	return []byte(c.Symbol + "\t" + c.Name), nil
}

// UnmarshalText parses a line that MarshalText wrote. It fails if a name is empty,
// longer than 60 characters, not UTF-8 or has characters that are not printable, so
// that names can be printed on a terminal as they are.
func (c *Class) UnmarshalText(text []byte) error {
	symbol, name, found := strings.Cut(string(text), "\t")
	if !found {
		symbol, name = "", symbol
	}
	symbol, name = strings.TrimSpace(symbol), strings.TrimSpace(name)
	for _, s := range []string{symbol, name} {
		switch {
		case !utf8.ValidString(s):
			return errors.New("is not UTF-8 text")
		case strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
			return fmt.Errorf("has characters that can't be printed: %+q", s)
		case utf8.RuneCountInString(s) > maxName:
			return fmt.Errorf("has more than %d characters", maxName)
		}
	}
	if name == "" {
		return errors.New("is empty")
	}
	c.Symbol, c.Name = symbol, name
	return nil
}
