package study

import (
	"bytes"
	_ "embed" // templates
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"
	plain "text/template"

	"glyph/internal/atomicfile"
	"glyph/internal/message"
)

//go:embed report.md.tmpl
var markdownTemplate string

//go:embed report.html.tmpl
var htmlTemplate string

var markdownReport = plain.Must(plain.New("report").Funcs(plain.FuncMap{
	"cell": func(s string) string { return strings.ReplaceAll(s, "|", "\\|") },
	"note": func(s string) string { return strings.Replace(s, "*", "\\*", 1) },
	// As GitHub makes them of headings.
	"anchor": func(s section) string {
		return strings.ToLower(strings.ReplaceAll(strings.NewReplacer(",", "", "(", "", ")", "").Replace(s.Title+" "+s.Name), " ", "-"))
	},
}).Parse(markdownTemplate))

var htmlReport = template.Must(template.New("report").Parse(htmlTemplate))

// WriteReport writes the report of an analysis to a directory, as Markdown with its
// figures and as one self-contained HTML page, and returns the names of the two. The
// same results give the same bytes.
func WriteReport(dir string, a *Analysis) (files []string, err error) {
	var figures []figureView
	for _, x := range a.Experiments {
		for _, f := range x.Figures {
			p, ok := x.picture(f)
			if !ok {
				continue
			}
			var svg bytes.Buffer
			var page string
			drawn, err := p.Draw()
			if err == nil {
				err = drawn.Write(&svg, "svg")
			}
			if err == nil {
				page, err = drawn.Inline()
			}
			if err != nil {
				return nil, fmt.Errorf("figure %s of %s: %w", f.Name, x.Name, err)
			}
			figures = append(figures, figureView{f.Caption, x.file(f), p.Clipped(), portable(svg.String()), portable(page)})
		}
	}
	v := newView(a, figures)
	if err := os.MkdirAll(filepath.Join(dir, figuresDir), 0o777); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, figuresDir), message.Cause(err))
	}
	for i := range figures {
		if err := atomicfile.WriteFile(filepath.Join(dir, filepath.FromSlash(figures[i].File)), []byte(figures[i].SVG)); err != nil {
			return nil, err
		}
	}
	for _, x := range v.Experiments {
		for i := range x.Figures {
			x.Figures[i].SVG = labelled(x.Figures[i])
		}
	}
	for _, f := range []struct {
		name  string
		write func(*bytes.Buffer) error
	}{
		{"report.md", func(b *bytes.Buffer) error { return markdownReport.Execute(b, v) }},
		{ReportFile, func(b *bytes.Buffer) error { return htmlReport.Execute(b, v) }},
	} {
		var text bytes.Buffer
		if err := f.write(&text); err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		path := filepath.Join(dir, f.name)
		if err := atomicfile.WriteFile(path, text.Bytes()); err != nil {
			return nil, err
		}
		files = append(files, path)
	}
	return files, nil
}

// portable names fonts of the same widths in an SVG document, for where
// Liberation is not there.
func portable(svg string) template.HTML {
	return template.HTML(strings.ReplaceAll(svg, "font-family:Liberation Sans, sans-serif", "font-family:Liberation Sans,Arial,Helvetica,sans-serif"))
}

// labelled is a figure as an element of a page, in the page's colours and with a text
// alternative.
func labelled(f figureView) template.HTML {
	label := template.HTMLEscapeString(f.Caption)
	return template.HTML(strings.Replace(string(f.Inline), "<svg", `<svg role="img" aria-label="`+label+`"`, 1))
}
