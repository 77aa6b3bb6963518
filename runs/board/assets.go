package board

import "embed"

// uPlot is version 1.6.32, as released; its licence lies beside it.
//
//go:embed web
var web embed.FS

// assets are the files of the page with their types, the scripts in index.html's
// order.
var assets = map[string]string{
	"style.css":         "text/css; charset=utf-8",
	"uPlot.min.css":     "text/css; charset=utf-8",
	"uPlot.iife.min.js": "text/javascript; charset=utf-8",
	"base.js":           "text/javascript; charset=utf-8",
	"filter.js":         "text/javascript; charset=utf-8",
	"charts.js":         "text/javascript; charset=utf-8",
	"touch.js":          "text/javascript; charset=utf-8",
	"table.js":          "text/javascript; charset=utf-8",
	"diff.js":           "text/javascript; charset=utf-8",
	"groups.js":         "text/javascript; charset=utf-8",
	"studies.js":        "text/javascript; charset=utf-8",
	"detail.js":         "text/javascript; charset=utf-8",
	"app.js":            "text/javascript; charset=utf-8",
}

// asset is a file of the page, which is embedded in the program.
func asset(name string) []byte {
	text, err := web.ReadFile("web/" + name)
	if err != nil {
		panic(err)
	}
	return text
}
