package plots

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"glyph/internal/atomicfile"
	"image"
	"image/png"
	"path/filepath"
	"slices"
	"strings"
)

// Drawable reports whether WriteImage has a format for a file of that name.
func Drawable(path string) bool {
	return slices.Contains(Formats(), strings.TrimPrefix(strings.ToLower(filepath.Ext(path)), "."))
}

// WriteImage writes a picture in the format that the file's name says, whole or not
// at all. In an SVG its pixels stay sharp at any size.
func WriteImage(path string, picture image.Image) error {
	var pixels bytes.Buffer
	if err := png.Encode(&pixels, picture); err != nil {
		return err
	}
	if !strings.EqualFold(filepath.Ext(path), ".svg") {
		return atomicfile.WriteFile(path, pixels.Bytes())
	}
	size := picture.Bounds().Size()
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d">`, size.X, size.Y)
	fmt.Fprintf(&b, `<image width="%d" height="%d" style="image-rendering:pixelated" href="data:image/png;base64,%s"/></svg>`+"\n",
		size.X, size.Y, base64.StdEncoding.EncodeToString(pixels.Bytes()))
	return atomicfile.WriteFile(path, b.Bytes())
}
