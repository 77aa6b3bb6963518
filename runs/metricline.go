package runs

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// parseMetric reads a line of metrics.jsonl. A directory of runs can have a million of
// them, so lines in the form that [MetricsLog] writes are read without reflection; all
// others are left to encoding/json, with the same result.
func parseMetric(line []byte) (m Metric, err error) {
	if m, ok := parsePlain(line); ok {
		return m, nil
	}
	return m, json.Unmarshal(line, &m)
}

// parsePlain reads an object of numbers by the current names without any space. It
// refuses whatever it does not know.
func parsePlain(line []byte) (m Metric, ok bool) {
	rest, ok := bytes.CutPrefix(bytes.TrimSuffix(line, []byte("\n")), []byte("{"))
	for ok {
		var name, number []byte
		if name, rest, ok = bytes.Cut(rest, []byte(`":`)); !ok || len(name) == 0 || name[0] != '"' {
			return m, false
		}
		n := bytes.IndexAny(rest, ",}")
		if n < 0 {
			return m, false
		}
		end := rest[n]
		if number, rest = rest[:n], rest[n+1:]; !isNumber(number) || !m.set(string(name[1:]), string(number)) {
			return m, false
		}
		if end == '}' {
			return m, len(rest) == 0
		}
	}
	return m, false
}

// set sets the figure of that name in JSON.
func (m *Metric) set(name, number string) bool {
	var err error
	real := func() *float64 {
		var v float64
		v, err = strconv.ParseFloat(number, 64)
		return &v
	}
	switch name {
	case "step":
		m.Step, err = strconv.Atoi(number)
	case "epoch":
		m.Epoch, err = strconv.Atoi(number)
	case "loss":
		m.Loss = *real()
	case "accuracy":
		m.Accuracy = *real()
	case "lr":
		var v float64
		v, err = strconv.ParseFloat(number, 32)
		m.LR = float32(v)
	case "validation_loss":
		m.ValidationLoss = real()
	case "validation_accuracy":
		m.ValidationAccuracy = real()
	case "gradient_norm":
		m.GradientNorm = *real()
	case "images_per_second":
		m.ImagesPerSecond = *real()
	default:
		return false
	}
	return err == nil
}

// isNumber reports whether a text is a number as JSON has it, which package strconv
// is more liberal about.
func isNumber(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte("-"))
	whole := digits(text)
	if whole == 0 || whole > 1 && text[0] == '0' {
		return false
	}
	if text = text[whole:]; len(text) > 0 && text[0] == '.' {
		n := digits(text[1:])
		if n == 0 {
			return false
		}
		text = text[1+n:]
	}
	if len(text) == 0 {
		return true
	}
	if text[0] != 'e' && text[0] != 'E' {
		return false
	}
	if text = text[1:]; len(text) > 0 && (text[0] == '+' || text[0] == '-') {
		text = text[1:]
	}
	return len(text) > 0 && digits(text) == len(text)
}

// digits is how many digits a text begins with.
func digits(text []byte) int {
	for i, c := range text {
		if c < '0' || c > '9' {
			return i
		}
	}
	return len(text)
}
