package kmnist

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// kuzushiji49 is the classes of Kuzushiji-49 by label (Clanuwat et al. 2018): 48
// hiragana in the order of Unicode and the iteration mark, each with its romanisation.
const kuzushiji49 = `あ a い i う u え e お o か ka き ki く ku け ke こ ko さ sa し shi す su せ se そ so
た ta ち chi つ tsu て te と to な na に ni ぬ nu ね ne の no は ha ひ hi ふ fu へ he ほ ho
ま ma み mi む mu め me も mo や ya ゆ yu よ yo ら ra り ri る ru れ re ろ ro わ wa ゐ wi ゑ we を wo ん n
ゝ iteration`

// Kuzushiji49 returns the 49 characters of Kuzushiji-49, by label, in a new slice.
func Kuzushiji49() []Class {
	words := strings.Fields(kuzushiji49)
	classes := make([]Class, 0, len(words)/2)
	for pair := range slices.Chunk(words, 2) {
		classes = append(classes, Class{Symbol: pair[0], Name: pair[1]})
	}
	return classes
}

// Character returns the class of a character: hiragana with its romanisation, and any
// other character with its code point as its name, such as U+4E00.
func Character(r rune) Class {
	for _, c := range Kuzushiji49() {
		if c.Symbol == string(r) {
			return c
		}
	}
	return Class{Symbol: string(r), Name: fmt.Sprintf("U+%04X", r)}
}

// codePoint returns the character that a text such as U+4E00 stands for, if it can be
// printed.
func codePoint(text string) (rune, bool) {
	digits, found := strings.CutPrefix(strings.ToUpper(text), "U+")
	n, err := strconv.ParseUint(digits, 16, 32)
	return rune(n), found && err == nil && n <= unicode.MaxRune && unicode.IsPrint(rune(n))
}

// classmapSuffix ends the names of CODH's files of characters, such as
// k49_classmap.csv.
const classmapSuffix = "classmap.csv"

// parseClassmap parses CODH's files of characters: after a line of headings, each
// line has a label, a code point and a character.
func parseClassmap(text []byte) ([]Class, error) {
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff")))
	in.FieldsPerRecord = -1
	var classes []Class
	for {
		fields, err := in.Read()
		if errors.Is(err, io.EOF) {
			return classes, distinct(classes)
		}
		if err != nil {
			return nil, fmt.Errorf("is not a CSV table: %w; get it again", err)
		}
		line, _ := in.FieldPos(0)
		if line == 1 && len(fields) > 0 && fields[0] == "index" {
			continue
		}
		var r rune
		good := len(fields) >= 2 && fields[0] == strconv.Itoa(len(classes)) && len(classes) < maxClasses
		if good {
			r, good = codePoint(fields[1])
		}
		if !good {
			return nil, fmt.Errorf("line %d is not the label %d and a code point such as U+3042, as in CODH's files; get it again", line, len(classes))
		}
		classes = append(classes, Character(r))
	}
}
