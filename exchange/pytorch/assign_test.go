package pytorch_test

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"glyph/exchange/pytorch"
	"glyph/models"
)

// deep is a network with three hidden layers of the same size, of which the
// second and the third have weights of the same shape.
var deep = models.Spec{Model: "mlp", Input: []int{2, 2, 1}, Hidden: []int{3, 3, 3}, Classes: 2}

// module names for deep, sorted as save_file leaves them.
func named(t testing.TB, spec models.Spec, names ...string) (own, torch []models.NamedArray) {
	t.Helper()
	own = numbered(t, spec)
	exported, err := pytorch.Export(spec, own)
	if err != nil {
		t.Fatal(err)
	}
	torch = slices.Clone(exported.Tensors)
	layer, before := -1, ""
	for i := range torch {
		name, last, _ := strings.Cut(torch[i].Name, ".")
		if name != before {
			layer, before = layer+1, name
		}
		torch[i].Name = names[layer] + "." + last
	}
	slices.SortFunc(torch, func(a, b models.NamedArray) int { return strings.Compare(a.Name, b.Name) })
	return own, torch
}

// TestOrder imports names from which the order is known, and names with the order
// given.
func TestOrder(t *testing.T) {
	for _, c := range []struct {
		names, order string
	}{
		{"l1 l2 l3 l4", ""},
		{"0 2 4 6", ""},
		{"net.8 net.9 net.10 net.11", ""},
		{"first h1 h2 a", ""},
		{"layers.in layers.2.l layers.10.l head", ""},
		{"x b_007 b_0010 y", ""},
		{"x n18446744073709551617 n18446744073709551618 y", ""},
		{"layer_one layer_two layer_three out", "layer_two,layer_three"},
		{"layer_one layer_two layer_three out", "layer_one,layer_two,layer_three,out"},
		{"layer_one layer_two layer_three out", "layer_two.weight,layer_three.weight,out"},
		{"l4 l3 l2 l1", "l3,l2"},
	} {
		names := strings.Fields(c.names)
		var order []string
		if c.order != "" {
			order = strings.Split(c.order, ",")
		}
		own, torch := named(t, deep, names...)
		got, assigned, err := pytorch.Import(deep, torch, order)
		if err != nil || !reflect.DeepEqual(got, own) {
			t.Errorf("%q in the order %q: %v", names, c.order, err)
			continue
		}
		for i, a := range assigned {
			if !slices.Equal(a.Modules, names[i:i+1]) || !a.Bias {
				t.Errorf("%q: layer %d is %+v", names, i, a)
			}
		}
	}
}

// TestOrderUnknown refuses what the names don't say, and shows the choice.
func TestOrderUnknown(t *testing.T) {
	for _, names := range []string{
		"layer_one layer_two layer_three out",
		"a b c d",
		"l1 conv dense l4",
		"l1 l l2 l4",   // whether l or l2 comes first
		"l1 l2 l02 l4", // the same number
		"l4 l3 l2 l1",  // by the shapes of the outer ones the numbers run backwards
		"l2 l3 l4 l1",  // here of one
		"enc.0 enc.2 dec.0 dec.2",
	} {
		_, torch := named(t, deep, strings.Fields(names)...)
		got, _, err := pytorch.Import(deep, torch, nil)
		var unknown *pytorch.OrderError
		if !errors.As(err, &unknown) || got != nil {
			t.Errorf("%s: %v", names, err)
			continue
		}
		fields := strings.Fields(names)
		slices.Sort(fields[1:3])
		oneLine(t, err, "the order of "+fields[1]+" and "+fields[2]+" is unclear")
		open := unknown.Open()
		if slices.Sort(open); !slices.Equal(open, fields[1:3]) {
			t.Errorf("%s: open are %q", names, open)
		}
		if table := pytorch.Table(unknown.Layers); !strings.Contains(table, "dense_3  3×3  "+fields[1]+" or "+fields[2]+"\n") {
			t.Errorf("the table is\n%s", table)
		}
	}
	_, torch := named(t, deep, "layer_one", "layer_two", "layer_three", "out")
	_, _, err := pytorch.Import(deep, torch, nil)
	var unknown *pytorch.OrderError
	if !errors.As(err, &unknown) {
		t.Fatal(err)
	}
	const want = "dense_1  3×4  layer_one\n" +
		"dense_2  3×3  layer_three or layer_two\n" +
		"dense_3  3×3  layer_three or layer_two\n" +
		"dense_4  2×3  out\n"
	if got := pytorch.Table(unknown.Layers); got != want {
		t.Errorf("the table is\n%swant\n%s", got, want)
	}
}

func TestOrderErrors(t *testing.T) {
	_, torch := named(t, deep, "a", "b", "c", "d")
	for order, want := range map[string]string{
		"a,x":     `names "x", but the file has no tensor "x.weight"`,
		"b,c,b":   `names "b" twice`,
		"a,b,d":   `leaves out "c"`,
		"d,b,c":   `has "d" before "c", but their shapes fit the other way round`,
		"c,b,a,d": `has "c" before "a"`,
	} {
		_, _, err := pytorch.Import(deep, torch, strings.Split(order, ","))
		oneLine(t, err, want)
	}
	// More than can be shown in one line.
	many := models.Spec{Model: "mlp", Input: []int{2, 2, 1}, Hidden: slices.Repeat([]int{3}, 9), Classes: 2}
	_, torch = named(t, many, "in", "aa", "ab", "ac", "ad", "ae", "af", "ag", "ah", "out")
	_, _, err := pytorch.Import(many, torch, nil)
	oneLine(t, err, "the order of aa, ab, ac, ad and 4 more is unclear")
}

// TestNotFinite names the tensor and the index of what is not finite.
func TestNotFinite(t *testing.T) {
	for _, c := range []struct {
		at   int
		v    float64
		want string
	}{
		{0, math.NaN(), "[0 0] (NaN)"}, {7, math.Inf(-1), "[2 1] (-Inf)"}, {8, math.Inf(1), "[2 2] (+Inf)"},
	} {
		_, torch := named(t, deep, "l1", "l2", "l3", "l4")
		i := slices.IndexFunc(torch, func(a models.NamedArray) bool { return a.Name == "l2.weight" })
		torch[i].Data[c.at] = float32(c.v)
		torch[i].Data[8] = float32(c.v)
		_, _, err := pytorch.Import(deep, torch, nil)
		oneLine(t, err, `tensor "l2.weight"`, c.want)
	}
}
