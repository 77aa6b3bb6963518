// Package page serves a page to draw a character on, which shows stroke by stroke
// what a network recognises, and the endpoint behind it.
//
//	GET  /         the page; it loads nothing from other servers
//	POST /predict  a picture, answered as JSON
//	POST /explain  the same with the reasons
//
// Both take a body of at most MaxBody bytes: a PNG, JPEG or GIF picture
// with its Content-Type, or JSON {"image": "..."} with such a picture in base64
// or as a data URL. A picture may have MaxPixels pixels. The answer is
//
//	{"size": [w, h], "turned": false, "dark_on_light": true, "ink": [left, top, w, h],
//	 "characters": 1, "left_out": {"surroundings": false, "lines": 12, "marks": 0},
//	 "top": [{"label": 2, "name": "su", "kana": "す", "romaji": "su", "probability": 0.97}, ...],
//	 "probabilities": [...], "width": 28, "height": 28, "channels": 1, "pixels": [...],
//	 "reading": "...", "at": 0, "all": [{"ink": [...], "top": [...]}, ...]}
//
// with the probabilities by label, the pixels that the network saw, 0 to 255, row by
// row, and how the picture was read in a sentence. "all" is every character in the
// picture, in the order in which they are read, and "at" which of them the rest is about:
// the one with the most ink, or the one nearest to ?x= and ?y=, a place in the picture.
//
// /explain adds
//
//	"why": {"label": 2, "relevance": "...", "largest": 1.5,
//	        "layers": [{"name": "conv2d_1", "text": "conv2d 3×3, 32, ...", "height": 28, "width": 28,
//	                    "maps": 32, "of": 32, "values": "...", "largest": 4.1}, ...]}
//
// for the most probable class or for ?label=. relevance is how much each pixel speaks
// for the class, gradient × input (models.Explanation), summed over the channels, and
// values the output of a layer, map by map. Both are signed bytes in base64, of which
// ±127 stands for the number "largest". An error is answered
// with its status and {"error": "..."}: 4xx if the request is at fault, 500 if the
// network or this program is.
//
// A few requests are processed at a time and some more wait; the rest are answered at
// once with 503 and Retry-After, so that many clients with large pictures exhaust
// neither the memory nor the patience of those who come later. Requests that fail
// are logged, a line each.
//
// Requests are answered only under a name that is this machine's, so that no
// page of the internet can reach the server by pointing its own name here (DNS
// rebinding), and requests of other sites' pages are refused.
package page
