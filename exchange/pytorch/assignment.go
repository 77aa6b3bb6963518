package pytorch

import (
	"fmt"
	"slices"
	"strings"

	"glyph/internal/message"
)

// Assignment is a layer of the network and what it takes from the file.
type Assignment struct {
	Layer   string   // "dense_1"
	Shape   []int    // of the weight, as PyTorch has it
	Modules []string // the module, or all that it could be in an OrderError
	Bias    bool     // whether the module has one
	Note    string   // where the layer differs from its module, in a few words
}

// OrderError says that modules of one shape can't be put in order by their names.
type OrderError struct {
	Layers []Assignment // all layers of the network, from input to output
	open   []string     // the modules of the first shape with a choice
}

// Open is the names of modules whose order has to be given: those of the first
// shape that leaves a choice.
func (e *OrderError) Open() []string { return slices.Clone(e.open) }

func (e *OrderError) Error() string {
	const most = 4
	names := quoted(e.open[:min(len(e.open), most)])
	if more := len(e.open) - most; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return fmt.Sprintf("the order of %s is unclear: they have the same shape, and the numbers in their names don't decide it",
		strings.Join(names[:len(names)-1], ", ")+" and "+names[len(names)-1])
}

// Table is the assignment as text, a line per layer: layer, shape, modules.
func Table(layers []Assignment) string {
	var b strings.Builder
	names, shapes := 0, 0
	for _, a := range layers {
		names, shapes = max(names, len(a.Layer)), max(shapes, len([]rune(size(a.Shape))))
	}
	for _, a := range layers {
		note := ""
		if a.Note != "" {
			note = " (" + a.Note + ")"
		}
		fmt.Fprintf(&b, "%-*s  %-*s  %s%s\n", names, a.Layer, shapes, size(a.Shape), strings.Join(quoted(a.Modules), " or "), note)
	}
	return b.String()
}

// size is a shape as 64×784.
func size(shape []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(shape), " ", "×"), "[]")
}

// quoted is names from a file for a terminal.
func quoted(names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = message.Quote(name)
	}
	return list
}
