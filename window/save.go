//go:build cgo

package window

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"

	"glyph/internal/message"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// snapshot draws the window into a picture. It is the one thing that is read back, when
// it is asked for.
func (v *view) snapshot(w, h int) (*image.RGBA, error) {
	old := [2]int{v.w0, v.h0}
	if err := v.resize(w, h); err != nil {
		return nil, err
	}
	texture := newTexture(w, h, nil, 4)
	defer gl.DeleteTextures(1, &texture)
	var buffer uint32
	gl.GenFramebuffers(1, &buffer)
	defer gl.DeleteFramebuffers(1, &buffer)
	gl.BindFramebuffer(gl.FRAMEBUFFER, buffer)
	defer gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
	gl.FramebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0)
	if status := gl.CheckFramebufferStatus(gl.FRAMEBUFFER); status != gl.FRAMEBUFFER_COMPLETE {
		return nil, fmt.Errorf("a picture of %d×%d can't be drawn (0x%04X)", w, h, status)
	}
	v.paint()
	v.forgetAll() // in the window is something else
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	row := 4 * w
	upside := make([]byte, row*h)
	gl.PixelStorei(gl.PACK_ALIGNMENT, 1)
	gl.ReadPixels(0, 0, int32(w), int32(h), gl.RGBA, gl.UNSIGNED_BYTE, gl.Ptr(upside))
	for y := range h {
		copy(img.Pix[y*row:][:row], upside[(h-1-y)*row:])
	}
	if old[0] > 0 {
		return img, v.resize(old[0], old[1])
	}
	return img, nil
}

// save saves a picture of the window under a name that is free, and says so.
func (v *view) save() string {
	img, err := v.snapshot(v.w0, v.h0)
	if err == nil {
		var path string
		if path, err = writePicture(v.o.Pictures, v.state.now().Step, img); err == nil {
			v.w.tell("picture  " + message.Quote(path))
			return "saved " + filepath.Base(path)
		}
	}
	err = fmt.Errorf("the picture was not saved: %w", message.Cause(err))
	v.w.tell(err.Error())
	return err.Error()
}

// writePicture writes a new file, window-STEP.png or window-STEP-2.png and so on.
func writePicture(dir string, step int, img image.Image) (string, error) {
	for i := 1; ; i++ {
		name := fmt.Sprintf("window-%06d.png", step)
		if i > 1 {
			name = fmt.Sprintf("window-%06d-%d.png", step, i)
		}
		path := filepath.Join(dir, name)
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		if err = errors.Join(png.Encode(f, img), f.Close()); err != nil {
			os.Remove(path) //nolint:errcheck // the error that matters has been found
		}
		return path, err
	}
}
