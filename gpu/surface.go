package gpu

// Surface is a window. The thread of the Backend alone uses it: see [Backend.Visit].
type Surface interface {
	// Show makes the window visible, with a title and a size in the units of the
	// desktop.
	Show(title string, w, h int)
	// Size is the size in pixels, and how many of them a unit of the desktop has.
	Size() (w, h int, scale float64)
	// Swap shows what was drawn, and does not wait for the display.
	Swap()
	// Part shows a part of what was drawn, in pixels from the lower left corner, where the
	// system can do that, the part is within the window, and the rest of the window shows
	// what was last shown. Otherwise it does nothing, and returns false.
	Part(x, y, w, h int) bool
	// Keys handles the window's events and lists the keys that were pressed.
	Keys() []Key
	// Closed reports whether the window was closed.
	Closed() bool
	// Hide makes the window invisible.
	Hide()
}

// Key is a key: a capital letter, a digit or a space as itself, or one of these.
type Key rune

// Keys without a letter.
const (
	KeyUp Key = -1 - iota
	KeyDown
	KeyLeft
	KeyRight
	KeyEscape
)
