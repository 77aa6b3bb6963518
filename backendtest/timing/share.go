package timing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
)

// Shared is a report to give away: what computed, and how fast, but nothing of who or
// where. It has these fields and no others, so that nothing personal can get in.
type Shared struct {
	Format   int    `json:"glyph_bench"` // ShareFormat
	Glyph    string `json:"glyph"`       // version
	Day      string `json:"day"`         // 2026-11-27, of UTC
	Platform string `json:"platform"`    // linux/amd64
	Software bool   `json:"software"`    // whether the device computes on the CPU
	Memory   int64  `json:"memory,omitempty"`
	Report   Report `json:"report"`
}

// ShareFormat is the version of the form of a shared report.
const ShareFormat = 1

var day = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)

// Encode is the file of a shared report.
func (s Shared) Encode() ([]byte, error) {
	s.Format = ShareFormat
	text, err := json.MarshalIndent(s, "", " ")
	return append(text, '\n'), err
}

// DecodeShared reads what Encode writes. The error says why text is something else.
func DecodeShared(text []byte) (s Shared, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var head struct {
		Format int `json:"glyph_bench"`
	}
	switch {
	case json.NewDecoder(bytes.NewReader(text)).Decode(&head) != nil || head.Format == 0:
		return s, errors.New("this is not a file of glyph bench --share")
	case head.Format != ShareFormat:
		return s, fmt.Errorf("the file has format %d; this version of glyph reads format %d", head.Format, ShareFormat)
	}
	if err := d.Decode(&s); err != nil {
		return s, fmt.Errorf("the file is damaged: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return s, errors.New("the file is damaged: something follows the report")
	}
	if s.Report.Device == "" || !day.MatchString(s.Day) || len(s.Report.Steps) == 0 {
		return s, errors.New("the file is damaged: it has no device, no day or no steps")
	}
	return s, nil
}
