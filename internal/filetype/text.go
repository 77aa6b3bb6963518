package filetype

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// tomlLine is a line that TOML has and prose has not: a table, or a key and a
// value.
var tomlLine = regexp.MustCompile(`^(\[\[?[\w."' -]+\]\]?|[\w."'-]+\s*=\s*(["'\[{+-]|\d|true\b|false\b|inf\b|nan\b).*)\s*(#.*)?$`)

// text tells kinds of text apart, and text from what is none.
func text(first []byte) string {
	if bytes.HasPrefix(first, []byte("\xff\xfe")) || bytes.HasPrefix(first, []byte("\xfe\xff")) {
		return "text in UTF-16"
	}
	first = bytes.TrimPrefix(first, []byte("\xef\xbb\xbf"))
	if len(first) >= Peek-3 { // the last character may be cut
		for i := 0; i < utf8.UTFMax && !utf8.Valid(first); i++ {
			first = first[:len(first)-1]
		}
	}
	if !utf8.Valid(first) || bytes.ContainsFunc(first, control) {
		return ""
	}
	s := strings.TrimSpace(string(first))
	lower := strings.ToLower(s[:min(len(s), 1024)])
	switch {
	case s == "":
		return "a blank file"
	case strings.HasPrefix(lower, "<!doctype html") || strings.HasPrefix(lower, "<html") || strings.HasPrefix(lower, "<head") ||
		strings.HasPrefix(lower, "<") && strings.Contains(lower, "<html"):
		return HTML
	case strings.HasPrefix(lower, "<svg") || strings.HasPrefix(lower, "<?xml") && strings.Contains(lower, "<svg"):
		return "an SVG drawing"
	case strings.HasPrefix(lower, "<?xml"):
		return "an XML document"
	case strings.HasPrefix(s, "#!"):
		return "a script"
	case strings.HasPrefix(s, "P2") || strings.HasPrefix(s, "P3"):
		return "a PNM picture"
	case isJSON(s):
		return JSON
	case isTOML(s):
		return TOML
	}
	return Text
}

// control is a character that text has not: escapes are some people's text.
func control(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' && r != 0x1b || r == 0x7f
}

// isJSON reports whether text is an object or a list in JSON, or the beginning of
// one.
func isJSON(s string) bool {
	if s[0] != '{' && s[0] != '[' {
		return false
	}
	d := json.NewDecoder(strings.NewReader(s))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return true
		}
		if err != nil {
			return false
		}
	}
}

// isTOML reports whether the first significant line is TOML.
func isTOML(s string) bool {
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if line != "" && line[0] != '#' {
			return tomlLine.MatchString(line)
		}
	}
	return false
}
