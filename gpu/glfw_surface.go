//go:build cgo && glfw

package gpu

/*
typedef void *(*glyph_display)(void);
typedef unsigned long (*glyph_drawable)(void);
typedef void (*glyph_copy)(void *, unsigned long, int, int, int, int);

static void glyph_copy_part(void *display, void *drawable, void *copy, int x, int y, int w, int h) {
	((glyph_copy)copy)(((glyph_display)display)(), ((glyph_drawable)drawable)(), x, y, w, h);
}
*/
import "C"

import "github.com/go-gl/glfw/v3.3/glfw"

var _ Surface = (*glfwContext)(nil)

var glfwKeys = map[glfw.Key]Key{
	glfw.KeyUp: KeyUp, glfw.KeyDown: KeyDown, glfw.KeyLeft: KeyLeft, glfw.KeyRight: KeyRight, glfw.KeyEscape: KeyEscape,
}

// Show makes the window visible.
func (c *glfwContext) Show(title string, w, h int) {
	glfwMu.Lock()
	defer glfwMu.Unlock()
	c.window.SetTitle(title)
	c.window.SetSize(w, h)
	c.window.SetKeyCallback(func(_ *glfw.Window, key glfw.Key, _ int, action glfw.Action, _ glfw.ModifierKey) {
		if action == glfw.Release {
			return
		}
		if k, ok := glfwKeys[key]; ok {
			c.keys = append(c.keys, k)
		} else if key == glfw.KeySpace || key >= glfw.Key0 && key <= glfw.KeyZ {
			c.keys = append(c.keys, Key(key))
		}
	})
	c.window.SetFramebufferSizeCallback(func(_ *glfw.Window, w, h int) { c.w, c.h = w, h })
	c.window.SetRefreshCallback(func(*glfw.Window) { c.exposed = true })
	c.exposed = true
	if glfw.ExtensionSupported("GLX_MESA_copy_sub_buffer") {
		c.copyPart = glfw.GetProcAddress("glXCopySubBufferMESA")
	}
	c.window.Show()
	glfw.SwapInterval(0)
	glfw.PollEvents()
	c.w, c.h = c.window.GetFramebufferSize()
}

// Size is the size of the framebuffer when Keys was called, and the scale of the desktop.
// The display is not asked: it would have to be waited for.
func (c *glfwContext) Size() (w, h int, scale float64) {
	x, _ := c.window.GetContentScale()
	return c.w, c.h, float64(x)
}

// Swap shows what was drawn.
func (c *glfwContext) Swap() {
	c.window.SwapBuffers()
	c.exposed = false
}

// Part shows a part of it. Only X11's OpenGL can, by an extension of Mesa.
func (c *glfwContext) Part(x, y, w, h int) bool {
	if c.copyPart == nil || c.exposed || x < 0 || y < 0 || w < 1 || h < 1 || x+w > c.w || y+h > c.h { // beyond the window, X ends the process
		return false
	}
	C.glyph_copy_part(glfw.GetProcAddress("glXGetCurrentDisplay"), glfw.GetProcAddress("glXGetCurrentDrawable"), c.copyPart,
		C.int(x), C.int(y), C.int(w), C.int(h))
	return true
}

// Keys polls.
func (c *glfwContext) Keys() []Key {
	glfwMu.Lock()
	defer glfwMu.Unlock()
	glfw.PollEvents()
	keys := c.keys
	c.keys = nil
	return keys
}

// Closed reports whether the window was asked to close.
func (c *glfwContext) Closed() bool { return c.window.ShouldClose() }

// Hide hides the window.
func (c *glfwContext) Hide() {
	glfwMu.Lock()
	defer glfwMu.Unlock()
	c.window.Hide()
	glfw.PollEvents()
}
