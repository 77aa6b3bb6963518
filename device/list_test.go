package device

import "testing"

// A list names the processor, and a GPU or why there is none; auto takes one of the
// devices in it.
func TestList(t *testing.T) {
	l, err := List()
	if err != nil {
		t.Fatal(err)
	}
	if l.CPU == "" || l.Kernels == "" || l.Workers < 1 || (len(l.GPUs) == 0) != (l.GPUError != "") {
		t.Errorf("%+v", l)
	}
	known := l.Auto == CPU
	for _, d := range l.GPUs {
		known = known || d.Renderer == l.Auto
	}
	if !known || (l.Auto == CPU) != (l.AutoCause != "") {
		t.Errorf("auto takes %q, because %q", l.Auto, l.AutoCause)
	}
}
