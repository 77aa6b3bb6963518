package flags

import (
	"strconv"
	"strings"
)

// floatsValue is a flag for a list of numbers. pflag's own prints only six digits.
type floatsValue struct{ to *[]float64 }

func (v *floatsValue) Type() string { return "float64Slice" }

func (v *floatsValue) String() string {
	parts := make([]string, len(*v.to))
	for i, x := range *v.to {
		parts[i] = floatText(x)
	}
	return "[" + strings.Join(parts, ",") + "]"
}

func (v *floatsValue) Set(text string) error {
	list := []float64{}
	for part := range strings.SplitSeq(text, ",") {
		x, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return err
		}
		list = append(list, x)
	}
	*v.to = list
	return nil
}

// singleValue is a flag for a float32 that keeps the number as given.
type singleValue struct {
	to    *float32
	given float64
}

func (v *singleValue) Type() string   { return "float64" }
func (v *singleValue) String() string { return floatText(v.given) }

func (v *singleValue) Set(text string) error {
	x, err := strconv.ParseFloat(text, 64)
	if err == nil {
		v.given, *v.to = x, float32(x)
	}
	return err
}

// optionalValue is a flag for a number whose default comes from elsewhere.
type optionalValue struct {
	to    **float64
	unset string
}

func (v *optionalValue) Type() string { return "float64" }

func (v *optionalValue) String() string {
	if v.to == nil || *v.to == nil {
		return v.unset
	}
	return floatText(**v.to)
}

func (v *optionalValue) Set(text string) error {
	x, err := strconv.ParseFloat(text, 64)
	if err == nil {
		*v.to = &x
	}
	return err
}

func floatText(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
