package pytorch

import (
	"fmt"
	"slices"
	"strings"

	"glyph/internal/message"
)

// group is the layers that take weights of one shape, and the modules with that
// shape.
type group struct {
	slots   []int    // from input to output
	modules []module // in the same order, where how is not unknown
	how     how
}

// how the order of a group's modules was determined.
type how int

const (
	unknown how = iota
	single      // there is one
	given       // the caller says it
	numbers     // the names do
)

// assign finds the module of each slot.
func assign(slots []slot, modules []module, order []string) ([]module, error) {
	groups, err := groupShapes(slots, modules)
	if err != nil {
		return nil, err
	}
	place, err := places(modules, order)
	if err != nil {
		return nil, err
	}
	for i := range groups {
		if err := groups[i].arrange(place); err != nil {
			return nil, err
		}
	}
	if err := contradiction(groups, place, len(slots)); err != nil {
		return nil, err
	}
	if backwards(groups, len(slots)) {
		for i := range groups {
			if groups[i].how == numbers {
				groups[i].how = unknown
			}
		}
	}
	if slices.ContainsFunc(groups, func(g group) bool { return g.how == unknown }) {
		return nil, orderError(slots, groups)
	}
	return taken(groups, len(slots)), nil
}

// groupShapes makes groups that hold as many modules as layers.
func groupShapes(slots []slot, modules []module) ([]group, error) {
	var groups []group
	left := slices.Clone(modules)
	for i, s := range slots {
		at := slices.IndexFunc(groups, func(g group) bool {
			first := slots[g.slots[0]]
			return first.norm() == s.norm() && slices.Equal(first.shape, s.shape)
		})
		if at < 0 {
			at = len(groups)
			groups = append(groups, group{})
		}
		g := &groups[at]
		g.slots = append(g.slots, i)
		next := slices.IndexFunc(left, s.fits)
		if next < 0 {
			if i := slices.IndexFunc(left, func(m module) bool { return s.norm() && slices.Equal(m.weight.Shape, s.shape) }); i >= 0 {
				return nil, fmt.Errorf("%s takes running statistics, and %s of the file has none", s.layer, message.Clip(left[i].name))
			}
			return nil, fmt.Errorf("%s takes a weight of %s, which the file does not have: it holds a different network, with weights of %s", s.layer, size(s.shape), sizes(modules))
		}
		g.modules = append(g.modules, left[next])
		left = slices.Delete(left, next, next+1)
	}
	if len(left) > 0 {
		w := left[0].weight
		return nil, fmt.Errorf("tensor %s of %s belongs to no layer: the file holds a different network", message.Clip(w.Name), size(w.Shape))
	}
	return groups, nil
}

// sizes is the shapes of weights, those of a small network in full.
func sizes(modules []module) string {
	const most = 8
	var list []string
	for _, m := range modules[:min(len(modules), most)] {
		list = append(list, size(m.weight.Shape))
	}
	switch more := len(modules) - most; {
	case len(list) == 0:
		return "none"
	case more > 0:
		return fmt.Sprintf("%s and %d more", strings.Join(list, ", "), more)
	}
	return strings.Join(list, ", ")
}

// places is the position of each module in the caller's order.
func places(modules []module, order []string) (map[string]int, error) {
	place := map[string]int{}
	for i, name := range order {
		name = strings.TrimSuffix(name, ".weight")
		if _, twice := place[name]; twice {
			return nil, fmt.Errorf("the order names %s twice", message.Clip(name))
		}
		if !slices.ContainsFunc(modules, func(m module) bool { return m.name == name }) {
			return nil, fmt.Errorf("the order names %s, but the file has no tensor %s", message.Clip(name), message.Clip(name+".weight"))
		}
		place[name] = i
	}
	return place, nil
}

// arrange puts the modules in order: the caller's, or that of the numbers in
// their names where these decide between any two.
func (g *group) arrange(place map[string]int) error {
	if len(g.modules) == 1 {
		g.how = single
		return nil
	}
	named := 0
	for _, m := range g.modules {
		if _, ok := place[m.name]; ok {
			named++
		}
	}
	if named > 0 && named < len(g.modules) {
		i := slices.IndexFunc(g.modules, func(m module) bool { _, ok := place[m.name]; return !ok })
		return fmt.Errorf("the order leaves out %s, which has the same shape as others in it", message.Clip(g.modules[i].name))
	}
	if named > 0 {
		g.how = given
		slices.SortFunc(g.modules, func(a, b module) int { return place[a.name] - place[b.name] })
		return nil
	}
	for i, m := range g.modules {
		for _, n := range g.modules[:i] {
			if byNumber(m.name, n.name) == 0 {
				return nil
			}
		}
	}
	g.how = numbers
	slices.SortFunc(g.modules, func(a, b module) int { return byNumber(a.name, b.name) })
	return nil
}

// taken is the module of each of n slots, and one without a name where that is
// not known.
func taken(groups []group, n int) []module {
	list := make([]module, n)
	for _, g := range groups {
		if g.how != unknown {
			for i, slot := range g.slots {
				list[slot] = g.modules[i]
			}
		}
	}
	return list
}

// contradiction is an error where the shapes don't allow the caller's order.
func contradiction(groups []group, place map[string]int, n int) error {
	before := ""
	for _, m := range taken(groups, n) {
		at, ok := place[m.name]
		if !ok {
			continue
		}
		if before != "" && at < place[before] {
			return fmt.Errorf("the order has %s before %s, but their shapes fit the other way round", message.Clip(m.name), message.Clip(before))
		}
		before = m.name
	}
	return nil
}

// backwards reports whether the numbers in the names contradict what the shapes say
// about any two modules, so that the numbers can't be relied on.
func backwards(groups []group, n int) bool {
	list := taken(groups, n)
	for i, m := range list {
		for _, earlier := range list[:i] {
			if byNumber(earlier.name, m.name) > 0 {
				return true
			}
		}
	}
	return false
}

func orderError(slots []slot, groups []group) *OrderError {
	e := &OrderError{Layers: make([]Assignment, len(slots))}
	for _, g := range groups {
		var names []string
		for _, m := range g.modules {
			names = append(names, m.name)
		}
		if g.how == unknown && e.open == nil {
			e.open = names
		}
		for i, slot := range g.slots {
			a := Assignment{Layer: slots[slot].layer, Shape: slots[slot].shape, Modules: names}
			if g.how != unknown {
				a = slots[slot].assignment(g.modules[i])
			}
			e.Layers[slot] = a
		}
	}
	return e
}
