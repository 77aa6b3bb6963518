//go:build cgo && glfw

package gpu

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
	c.window.Show()
	glfw.SwapInterval(0)
	glfw.PollEvents()
}

// Size is the size of the framebuffer, and the scale of the desktop.
func (c *glfwContext) Size() (w, h int, scale float64) {
	w, h = c.window.GetFramebufferSize()
	x, _ := c.window.GetContentScale()
	return w, h, float64(x)
}

// Swap shows what was drawn.
func (c *glfwContext) Swap() { c.window.SwapBuffers() }

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
