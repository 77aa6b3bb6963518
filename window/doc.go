// Package window shows a training in a window while it trains: its curves, its filters,
// and what one image makes of every layer, drawn by the GPU that trains, straight from
// the buffers that it trains in. Nothing of these is read back.
//
// # How it draws
//
// The window belongs to the context that computes (package gpu, the build tag glfw), so
// the drawing shaders read the weights, the gradients and the log of losses where they
// are. [gpu.Backend.Visit] calls the window between two steps, never within one: a panel
// shows one state. The outputs of a training's layers share memory and are overwritten
// within a step; so the chosen image goes through a network of its own on the same
// weights ([models.Probe]), which keeps the outputs and gradients of all layers. It is
// recorded once, and changes nothing of the training: the same weights come out, bit for
// bit, with the window and without.
//
// # What it costs
//
// Frames come 30 times a second if that takes 3.3 percent of the time or less, and less
// often otherwise; the chosen image goes through the network as often as 0.7 percent allow.
// What a frame took is measured, and made up for before the next one comes (type pace).
//
// On software OpenGL, where drawing takes processors from the training, a frame redraws
// only the panels whose turn it is (type turns), straight into the window, and of a panel
// only what changes: what stands still is compared with what was drawn before. Panels then
// show states that are some steps apart. On a GPU a frame draws everything.
//
// # Keys
//
// Pausing is a gate in the training's loop (train.Training.Gate), between two steps, so
// Ctrl-C and saving work as ever. Closing the window ends the visits, and the training
// goes on.
package window

// Options are what the window says besides what it sees.
type Options struct {
	Title    string   // of the network and the device
	Classes  []string // their names, by label
	Batch    int      // images of a step
	Epochs   int      // of the training
	Pictures string   // the directory that pictures of the window go to
}
