package terminal

import (
	"time"

	"github.com/schollz/progressbar/v3"

	"glyph/internal/message"
)

// Bar is a progress bar in one line of a terminal.
type Bar struct {
	bar      *progressbar.ProgressBar
	terminal *Terminal
}

// Bar returns a bar of n parts, which leaves nothing behind when all are done.
func (t *Terminal) Bar(n int) *Bar {
	return &Bar{terminal: t, bar: progressbar.NewOptions(n, append(t.options(),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionClearOnFinish(),
	)...)}
}

// Bytes returns a bar of n bytes that are transferred, which stays at the end; n
// is -1 if it is not known.
func (t *Terminal) Bytes(n int64) *Bar {
	return &Bar{terminal: t, bar: progressbar.NewOptions64(n, append(t.options(),
		progressbar.OptionShowBytes(true),
		progressbar.OptionShowCount(),
		progressbar.OptionOnCompletion(func() { t.file.WriteString("\n") }), //nolint:errcheck // a bar that can't be drawn stops nothing
	)...)}
}

func (t *Terminal) options() []progressbar.Option {
	return []progressbar.Option{
		progressbar.OptionSetWriter(t.file),
		progressbar.OptionSetWidth(20),
		progressbar.OptionShowDescriptionAtLineEnd(),
		progressbar.OptionThrottle(50 * time.Millisecond),
	}
}

// Set says how many parts are done, with a text beside the bar, cut to the room there is:
// only one line can be cleared.
func (b *Bar) Set(done int64, text string) {
	width, _ := b.terminal.Size()
	b.bar.Describe(beside(message.Escape(text), width))
	b.bar.Set64(done) //nolint:errcheck // as above
}

// beside is what of a text there is room for beside a bar.
func beside(text string, width int) string {
	const least = len("100% |====|  ") + 1 // a short bar, and the column that the cursor stays in
	return crop(text, max(0, width-least))
}

// Clear takes the bar off the terminal.
func (b *Bar) Clear() {
	b.bar.Clear() //nolint:errcheck // as above
}
