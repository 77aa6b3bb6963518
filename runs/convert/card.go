package convert

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"glyph/exchange/onnx"
	"glyph/internal/message"
	"glyph/runs"
	"glyph/train"
)

// Card is what a model card says of a network.
type Card struct {
	w       *runs.Weights
	summary runs.Summary // zero where there is none
	run     *runs.Run    // nil for a weights file alone
	onnx    string       // the name of the ONNX file, or ""
}

// NewCard is the card of a network, with an example of how to use the ONNX file of that
// path, if it is not "". It fails where the run or its summary can't be read.
func NewCard(w *runs.Weights, onnxFile string) (*Card, error) {
	c := &Card{w: w}
	var err error
	if onnxFile != "" {
		c.onnx = filepath.Base(onnxFile)
	}
	if w.Dir == "" {
		return c, nil
	}
	if c.run, err = runs.Open(w.Dir); err != nil {
		return nil, err
	}
	if c.summary, err = w.Summary(); err != nil {
		return nil, err
	}
	return c, c.check()
}

// check holds that the counts in the summary are those of its test images.
func (c *Card) check() error {
	classes, images := c.w.Spec.WithDefaults().Classes, 0
	if c.summary.TestImages == 0 {
		return nil
	}
	ok := len(c.summary.Confusion) == classes
	for _, row := range c.summary.Confusion {
		ok = ok && len(row) == classes && (classes == 0 || slices.Min(row) >= 0)
		for _, n := range row {
			images += n
		}
	}
	if !ok || images != c.summary.TestImages {
		return fmt.Errorf("%s is damaged: its confusion matrix is not one of %s in %s",
			message.Quote(filepath.Join(c.w.Dir, runs.SummaryFile)), message.Count(c.summary.TestImages, "test image"), message.Count(classes, "class"))
	}
	return nil
}

// Name is the name of the run, or of the weights file.
func (c *Card) Name() string {
	if c.run != nil {
		return c.run.Name
	}
	return strings.TrimSuffix(filepath.Base(c.w.Path), filepath.Ext(c.w.Path))
}

// Text is the card as a README.md, with the fields that Hugging Face reads at the top.
// It leaves the licence to the reader, and names no place on this machine.
func (c *Card) Text() []byte {
	var b strings.Builder
	c.fields(&b)
	spec := c.w.Spec.WithDefaults()
	in := spec.Input
	fmt.Fprintf(&b, "\n# %s\n\nA network that sorts images of %d×%d pixels", cell(c.Name()), in[0], in[1])
	if in[2] > 1 {
		b.WriteString(" in colour")
	}
	fmt.Fprintf(&b, " into %s: `%s`, with %s.\nIt was trained with Glyph.\n", message.Count(spec.Classes, "class"), spec, message.Count(spec.ParamCount(), "parameter"))
	c.results(&b)
	c.use(&b)
	c.settings(&b)
	b.WriteString("\n## Limits\n\nA picture of something else is named as one of the classes all the same.\n")
	return []byte(b.String())
}

// fields are the YAML at the top. Texts are in JSON's quotation marks, which YAML reads.
func (c *Card) fields(b *strings.Builder) {
	b.WriteString("---\n# license: choose one, such as mit, and take the number sign away\n")
	tags := []string{"glyph", c.w.Spec.Model}
	if c.onnx != "" {
		b.WriteString("library_name: onnx\n")
		tags = append(tags, "onnx")
	}
	fmt.Fprintf(b, "pipeline_tag: image-classification\ntags:\n- image-classification\n")
	for _, tag := range tags {
		fmt.Fprintf(b, "- %s\n", quoted(tag))
	}
	id, name := c.data()
	fmt.Fprintf(b, "datasets:\n- %s\n", quoted(id))
	if c.summary.TestImages > 0 {
		_, _, f1 := train.MeanScore(train.ClassScores(c.summary.Confusion), false)
		fmt.Fprintf(b, "metrics:\n- accuracy\n- f1\nmodel-index:\n- name: %s\n  results:\n  - task:\n      type: image-classification\n", quoted(c.Name()))
		fmt.Fprintf(b, "    dataset:\n      name: %s\n      type: %s\n      split: test\n", quoted(name), quoted(id))
		fmt.Fprintf(b, "    metrics:\n    - type: accuracy\n      name: accuracy\n      value: %v\n    - type: f1\n      name: macro F1\n      value: %.6f\n", c.summary.TestAccuracy, f1)
	}
	b.WriteString("---\n")
}

// data is the data set as an identifier and as a name.
func (c *Card) data() (id, name string) {
	switch name := public(c.w.Data); name {
	case "kmnist":
		return name, "KMNIST"
	default:
		id := strings.Map(func(r rune) rune {
			if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", r) {
				return r
			}
			return '-'
		}, name)
		return cmp.Or(strings.Trim(id, "-."), "custom"), name
	}
}

// results are the figures of the test set.
func (c *Card) results(b *strings.Builder) {
	s := c.summary
	if s.TestImages == 0 {
		return
	}
	hits := 0
	for label, row := range s.Confusion {
		hits += row[label]
	}
	all := train.Wilson(hits, s.TestImages)
	_, name := c.data()
	fmt.Fprintf(b, "\n## Results\n\nOn the %s of %s: accuracy %.2f %% (%.2f–%.2f)", message.Count(s.TestImages, "test image"), cell(name), 100*s.TestAccuracy, 100*all.Low, 100*all.High)
	if train.Unbalanced(s.Confusion) {
		fmt.Fprintf(b, ", balanced accuracy %.2f %%", 100*train.BalancedAccuracy(s.Confusion))
	}
	fmt.Fprintf(b, ", loss %.4f. In parentheses are\nWilson intervals of 95 %%.\n\n| class | images | precision, %% | recall, %% | F1, %% |\n|---|---|---|---|---|\n", s.TestLoss)
	names := c.w.ClassNames()
	for label, score := range train.ClassScores(s.Confusion) {
		fmt.Fprintf(b, "| %s | %d |", cell(names[label].String()), score.Images)
		for _, v := range []train.Share{score.Precision, score.Recall, score.F1} {
			if v.Value != v.Value { // there is none
				b.WriteString(" – |")
				continue
			}
			fmt.Fprintf(b, " %.1f (%.1f–%.1f) |", 100*v.Value, 100*v.Low, 100*v.High)
		}
		b.WriteString("\n")
	}
}

// use is a program that names an image with the ONNX file.
func (c *Card) use(b *strings.Builder) {
	if c.onnx == "" {
		return
	}
	in := c.w.Spec.WithDefaults().Input
	fmt.Fprintf(b, `
## Use

`+"```python"+`
import json
import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession(%s)
classes = json.loads(session.get_modelmeta().custom_metadata_map[%s])
images = np.zeros((1, %d, %d, %d), np.float32)  # pixels from 0 to 255, light ink on black
probabilities = session.run([%s], {%s: images})[0]
print(classes[probabilities[0].argmax()])
`+"```\n", quoted(c.onnx), quoted(ClassNamesKey), in[2], in[0], in[1], quoted(onnx.ProbabilitiesName), quoted(onnx.InputName))
}

// settings are those of the training that acted.
func (c *Card) settings(b *strings.Builder) {
	if c.run == nil || c.run.State == runs.Imported {
		return
	}
	_, name := c.data()
	fmt.Fprintf(b, "\n## Training\n\nOn %s of %s", message.Count(c.summary.TrainImages, "image"), cell(name))
	if n := c.summary.ValidationImages; n > 0 {
		fmt.Fprintf(b, ", with %s more held out to choose the epoch whose weights these are", message.Thousands(n))
	}
	b.WriteString(".\n\n| setting | value |\n|---|---|\n")
	if recipe := c.run.RecipeName(); recipe != "" {
		fmt.Fprintf(b, "| recipe | %s |\n", recipe)
	}
	for _, v := range c.run.Acting() {
		if v.Setting == "weights" || v.Setting == "classes" {
			v.Text = filepath.Base(v.Text)
		}
		fmt.Fprintf(b, "| %s | %s |\n", v.Setting, cell(v.Text))
	}
}

// quoted is a text in quotation marks.
func quoted(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(s) //nolint:errcheck // a text can be written
	return strings.TrimSuffix(b.String(), "\n")
}

// cell is a text as part of a table, which nothing in it ends.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "`", "'").Replace(message.Escape(s))
}
