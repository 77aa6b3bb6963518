package pytorch

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"glyph"
)

// Python is a program that builds the network in PyTorch, loads the file of
// Save and computes logits. The file's metadata has the normalisation
// under the keys meanKey and scaleKey, as JSON lists of one number or one a
// pixel of images of the shape in.
func (t Network) Python(path string, in glyph.Shape, meanKey, scaleKey string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "import json, torch  # pip install torch safetensors\nfrom safetensors import safe_open\nfrom torch import nn\n\n")
	t.build(&b)
	fmt.Fprintf(&b, "with safe_open(%s, \"pt\") as f:\n", literal(path))
	fmt.Fprintf(&b, "    net.load_state_dict({name: f.get_tensor(name) for name in f.keys()})\n")
	fmt.Fprintf(&b, "    mean, scale = (torch.tensor(json.loads(f.metadata()[key])) for key in (%q, %q))\n", meanKey, scaleKey)
	fmt.Fprintf(&b, "if len(mean) > 1:  # one a pixel\n")
	fmt.Fprintf(&b, "    mean, scale = (v.reshape(%d, %d, %d).permute(2, 0, 1) for v in (mean, scale))\n", in[0], in[1], in[2])
	fmt.Fprintf(&b, "net.eval()\n\n")
	fmt.Fprintf(&b, "def logits(pixels):  # float32 (N, %d, %d, %d), 0 black to 255 white, ink white\n", in[2], in[0], in[1])
	fmt.Fprintf(&b, "    with torch.no_grad():\n        return net((pixels - mean) * scale)\n")
	return b.String()
}

// build writes the statements that make the network.
func (t Network) build(b *strings.Builder) {
	if t.Forward == nil {
		b.WriteString("net = nn.Sequential(\n")
		for i, m := range t.Modules {
			fmt.Fprintf(b, "    %-48s # %s\n", m+",", t.Names[i])
		}
		b.WriteString(")\n")
		return
	}
	b.WriteString("class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n")
	for i, m := range t.Modules {
		fmt.Fprintf(b, "        self.%s = %s\n", t.Names[i], m)
	}
	b.WriteString("\n    def forward(self, x):\n")
	for _, statement := range t.Forward {
		fmt.Fprintf(b, "        %s\n", statement)
	}
	b.WriteString("\nnet = Net()\n")
}

// FromPickle is a program in Python that makes a safetensors file, beside it, of
// the weights in a checkpoint that torch.save wrote. Glyph does not read those
// itself: they are programs for Python's pickle machine.
func FromPickle(path string) string {
	to := strings.TrimSuffix(path, filepath.Ext(path)) + ".safetensors"
	return fmt.Sprintf(`import torch  # pip install torch safetensors
from safetensors.torch import save_file

state = torch.load(%s, map_location="cpu", weights_only=True)
for key in ("state_dict", "model_state_dict", "model"):  # where a checkpoint keeps the weights beside other things
    state = state.get(key, state)
save_file({name: t.clone().contiguous() for name, t in state.items()}, %s)
`, literal(path), literal(to))
}

// literal is a string literal of Python. Bytes that are not UTF-8 are written as
// Python itself reads them in paths: as surrogates.
func literal(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\udc%02x`, s[i])
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String() + `"`
}
