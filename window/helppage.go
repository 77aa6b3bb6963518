//go:build cgo

package window

// helpPage draws the help in place of the panels.
func (p *picture) helpPage(r rect) {
	p.clear(r, panel)
	x, y := r.x+p.u(40), r.y+p.u(32)
	p.write(x, y, large, text, "Keys")
	y += p.u(38)
	for _, k := range keyHelp {
		p.write(x, y, strong, orange, k.key)
		p.write(x+p.u(90), y, regular, text, k.long)
		y += p.u(26)
	}
	y += p.u(20)
	p.write(x, y, large, text, "What is shown")
	y += p.u(38)
	for _, l := range legend {
		p.write(x, y, regular, text, l)
		y += p.u(26)
	}
	p.flush(r)
}
