package kmnist

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Class names a class. Symbol is a character as it is written, such as お, and
// empty for classes that are not characters; Name says it in letters that every
// font has, such as o or T-shirt.
type Class struct{ Symbol, Name string }

// classCount is the number of KMNIST's classes.
const classCount = 10

// Characters is the ten characters of KMNIST, by label. The caller owns the slice.
func Characters() []Class {
	return []Class{
		{"お", "o"}, {"き", "ki"}, {"す", "su"}, {"つ", "tsu"}, {"な", "na"},
		{"は", "ha"}, {"ま", "ma"}, {"や", "ya"}, {"れ", "re"}, {"を", "wo"},
	}
}

// Numbered is n classes that are named by their labels: 0, 1, 2 and so on.
func Numbered(n int) []Class {
	classes := make([]Class, max(0, n))
	for i := range classes {
		classes[i].Name = strconv.Itoa(i)
	}
	return classes
}

// String is the symbol, if there is one, and the name: "お o" or "T-shirt".
func (c Class) String() string {
	if c.Symbol == "" || c.Symbol == c.Name {
		return c.Name
	}
	return c.Symbol + " " + c.Name
}

// Short is the symbol, or the name where there is no symbol.
func (c Class) Short() string {
	if c.Symbol == "" {
		return c.Name
	}
	return c.Symbol
}

// maxName is the most characters in a symbol or a name.
const maxName = 60

// MarshalText is the class as a line of a file of names: NAME, or SYMBOL, a tab
// and NAME. UnmarshalText reads it back.
func (c Class) MarshalText() ([]byte, error) {
	if c.Symbol == "" {
		return []byte(c.Name), nil
	}
	return []byte(c.Symbol + "\t" + c.Name), nil
}

// UnmarshalText reads a line that MarshalText wrote. It fails for a name that is
// empty, longer than 60 characters, or not of printable characters, so that a
// name can be printed on any terminal as it is.
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
