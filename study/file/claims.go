package file

import (
	"slices"

	"glyph/internal/message"
	"glyph/study"
)

// readFigures reads the pictures; without any there is one of all configurations.
func (b *builder) readFigures() error {
	tables, err := b.doc.tables("figure")
	if err != nil {
		return err
	}
	if tables == nil {
		b.Figures = []study.Figure{{Name: "accuracy", Kind: study.Points, X: b.Vary[0].Of, Caption: "Accuracy by " + b.Vary[0].Of}}
		return nil
	}
	for _, t := range tables {
		f, err := b.figure(t)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(b.Figures, func(other study.Figure) bool { return other.Name == f.Name }) {
			return t.fail("name", "two figures are called %s", f.Name)
		}
		b.Figures = append(b.Figures, f)
	}
	return nil
}

var figureKinds = map[string]study.FigureKind{"points": study.Points, "curves": study.Curves, "norms": study.LayerNorms}

func (b *builder) figure(t table) (f study.Figure, err error) {
	if err := t.only("name", "kind", "caption", "x", "log"); err != nil {
		return f, err
	}
	kind, err := t.text("kind")
	if err != nil {
		return f, err
	}
	known := false
	if f.Kind, known = figureKinds[kind]; !known {
		return f, t.fail("kind", "kind must be points, curves or norms, not %s", message.Clip(kind))
	}
	if f.Name, err = t.optional("name", kind); err != nil {
		return f, err
	}
	if !name.MatchString(f.Name) {
		return f, t.fail("name", "name must be of lower-case letters, digits and hyphens, not %s", message.Clip(f.Name))
	}
	if f.X, err = t.optional("x", b.Vary[0].Of); err != nil {
		return f, err
	}
	if f.Caption, err = t.optional("caption", b.Title); err != nil {
		return f, err
	}
	if f.Log, err = t.truth("log"); err != nil {
		return f, err
	}
	i := slices.IndexFunc(b.Vary, func(a study.Axis) bool { return a.Of == f.X })
	switch {
	case i < 0:
		return f, t.fail("x", "no [[vary]] is of %s", message.Clip(f.X))
	case f.Kind == study.LayerNorms && !b.Fixed.Norms:
		return f, t.fail("kind", "a figure of norms needs norms = true at the top")
	case f.Kind == study.Curves:
		seen := map[float64]bool{}
		for _, c := range b.Vary[i].Choices {
			if seen[c.X] || f.Log && c.X <= 0 {
				return f, t.fail("", "for curves over %s each of its choices needs a number x of its own, above 0 if log is true", message.Clip(f.X))
			}
			seen[c.X] = true
		}
	}
	return f, nil
}

// readClaims reads what is claimed.
func (b *builder) readClaims() error {
	tables, err := b.doc.tables("claim")
	if err != nil {
		return err
	}
	labels := b.labels()
	for _, t := range tables {
		s, err := claim{t, labels}.statement()
		if err != nil {
			return err
		}
		b.Claims = append(b.Claims, s)
	}
	return nil
}

// claim is a table [[claim]] and the labels that it may use.
type claim struct {
	table
	labels []string
}

// claimKinds are the keys that claim something, in their order, and how each is read.
var claimKinds = []struct {
	key  string
	read func(c claim, key string) (study.Claim, error)
}{
	{"beats", claim.beats}, {"best", claim.best}, {"falls", claim.falls}, {"rises", claim.rises},
	{"within", claim.within}, {"reaches", claim.reaches}, {"spreads-more", claim.spreads}, {"diminishes", claim.diminishes},
}

func (c claim) statement() (s study.Statement, err error) {
	known := []string{"says", "of"}
	for _, k := range claimKinds {
		known = append(known, k.key)
	}
	if err := c.only(known...); err != nil {
		return s, err
	}
	if s.Says, err = c.text("says"); err != nil {
		return s, err
	}
	of, err := c.optional("of", "accuracy")
	if err != nil {
		return s, err
	}
	switch of {
	case "accuracy":
	case "vanishing":
		s.Of = study.Vanishing
	default:
		return s, c.fail("of", "of must be accuracy or vanishing, not %s", message.Clip(of))
	}
	var all study.All
	for _, k := range claimKinds {
		if !c.has(k.key) {
			continue
		}
		one, err := k.read(c, k.key)
		if err != nil {
			return s, err
		}
		all = append(all, one)
	}
	switch len(all) {
	case 0:
		return s, c.fail("", "the claim claims nothing: want one of beats, best, falls, rises, within, reaches, spreads-more, diminishes")
	case 1:
		s.Claim = all[0]
	default:
		s.Claim = all
	}
	return s, nil
}

// arms are the labels of a key, each of which has to be one of a configuration.
func (c claim) arms(t table, key string, least int) ([]string, error) {
	list, err := t.texts(key)
	if err != nil {
		return nil, err
	}
	for i, label := range list {
		if slices.Contains(list[:i], label) {
			return nil, t.fail(key, "%s is there twice", message.Clip(label))
		}
		if slices.Contains(c.labels, label) {
			continue
		}
		if near := message.Closest(label, c.labels); near != "" {
			return nil, t.fail(key, "no configuration is labelled %s; did you mean %s?", message.Clip(label), message.Clip(near))
		}
		return nil, t.fail(key, "no configuration is labelled %s; the first is %s", message.Clip(label), message.Clip(c.labels[0]))
	}
	if len(list) < least {
		return nil, t.fail(key, "%s needs %s", key, message.Count(least, "configuration"))
	}
	return list, nil
}

// arm is one label.
func (c claim) arm(t table, key string) (string, error) {
	if _, err := t.text(key); err != nil {
		return "", err
	}
	list, err := c.arms(t, key, 1)
	if err != nil {
		return "", err
	}
	return list[0], nil
}

// pair reads { a = ..., b = ..., by = ... }.
func (c claim) pair(key string, least int, by ...string) (a, b []string, t table, err error) {
	if t, err = c.table.table(key); err != nil {
		return nil, nil, t, err
	}
	if err = t.only(append([]string{"a", "b"}, by...)...); err != nil {
		return nil, nil, t, err
	}
	if a, err = c.arms(t, "a", least); err != nil {
		return nil, nil, t, err
	}
	b, err = c.arms(t, "b", least)
	return a, b, t, err
}

func (c claim) beats(key string) (study.Claim, error) {
	a, b, t, err := c.pair(key, 1, "by")
	if err != nil {
		return nil, err
	}
	by, err := t.number("by", 0)
	return study.Beats{A: a, B: b, By: by}, err
}

func (c claim) spreads(key string) (study.Claim, error) {
	a, b, _, err := c.pair(key, 2)
	return study.SpreadsMore{A: a, B: b}, err
}

func (c claim) within(key string) (study.Claim, error) {
	t, err := c.table.table(key)
	if err != nil {
		return nil, err
	}
	if err := t.only("a", "b", "by"); err != nil {
		return nil, err
	}
	var w study.Within
	if w.A, err = c.arm(t, "a"); err != nil {
		return nil, err
	}
	if w.B, err = c.arm(t, "b"); err != nil {
		return nil, err
	}
	if w.By, err = t.number("by", 0); err == nil && !(w.By > 0) {
		err = t.fail("by", "within needs by, a difference above 0")
	}
	return w, err
}

func (c claim) best(key string) (study.Claim, error) {
	t, err := c.table.table(key)
	if err != nil {
		return nil, err
	}
	if err := t.only("arm", "others"); err != nil {
		return nil, err
	}
	var best study.Best
	if best.Arm, err = c.arm(t, "arm"); err != nil {
		return nil, err
	}
	if t.has("others") {
		best.Others, err = c.arms(t, "others", 1)
	} else {
		best.Others = slices.DeleteFunc(slices.Clone(c.labels), func(label string) bool { return label == best.Arm })
	}
	if err == nil && (len(best.Others) == 0 || slices.Contains(best.Others, best.Arm)) {
		err = t.fail("others", "best needs others than %s", message.Clip(best.Arm))
	}
	return best, err
}

func (c claim) reaches(key string) (study.Claim, error) {
	t, err := c.table.table(key)
	if err != nil {
		return nil, err
	}
	if err := t.only("arm", "level"); err != nil {
		return nil, err
	}
	var r study.Reaches
	if r.Arm, err = c.arm(t, "arm"); err != nil {
		return nil, err
	}
	if !t.has("level") {
		return nil, t.fail("", "level is missing")
	}
	r.Level, err = t.number("level", 0)
	return r, err
}

func (c claim) falls(key string) (study.Claim, error) {
	list, err := c.arms(c.table, key, 2)
	return study.Falls{Arms: list}, err
}

func (c claim) rises(key string) (study.Claim, error) {
	list, err := c.arms(c.table, key, 2)
	slices.Reverse(list)
	return study.Falls{Arms: list}, err
}

func (c claim) diminishes(key string) (study.Claim, error) {
	list, err := c.arms(c.table, key, 3)
	if err != nil {
		return nil, err
	}
	if len(list) != 3 {
		return nil, c.fail(key, "diminishes needs 3 configurations, not %d", len(list))
	}
	return study.Diminishes{Arms: [3]string(list)}, nil
}
