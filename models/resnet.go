package models

import "glyph"

// resnet is the residual network of pre-activation blocks for small images (He,
// Zhang, Ren & Sun 2016, "Identity Mappings in Deep Residual Networks", §3 and its
// appendix): a convolution, three groups of blocks at full, half and quarter size with
// one, two and four times the channels, and global average pooling.
var resnet = preset{
	name:  "resnet",
	about: "pre-activation residual network of 6n+2 layers in three groups, global average pooling",
	defaults: Spec{
		Depth: 20, Width: 16, Activation: "relu", Shortcut: ShortcutIdentity, Dropout: []float64{0}, Init: "he-normal",
	},
	places: func(Spec) int { return 1 },
	graph: func(s Spec, act glyph.Activation, dropout []float32) Graph {
		r := residual{act: act, plain: s.Shortcut == ShortcutNone}
		r.add(bareConv3(s.Width, 1))
		channels := s.Width
		for group := range 3 {
			for block := range (s.Depth - 2) / 6 {
				stride, filters := 1, s.Width<<group
				if group > 0 && block == 0 {
					stride = 2
				}
				r.block(filters, stride, filters != channels)
				channels = filters
			}
		}
		r.norm()
		r.add(GlobalPool2D{glyph.Average})
		r.dropout(dropout[0])
		r.add(Dense{Units: s.Classes})
		return r.g
	},
}

// residual is a chain with shortcuts.
type residual struct {
	chain
	act   glyph.Activation
	plain bool // leave the shortcuts out
}

func (r *residual) norm() { r.add(BatchNorm2D{glyph.DefaultBatchNorm(), r.act}) }

// block is y = x + conv(act(norm(conv(act(norm(x)))))), its figure 4e. Where the
// shape changes, the shortcut is a 1×1 convolution of act(norm(x)).
func (r *residual) block(filters, stride int, project bool) {
	shortcut := r.last
	r.norm()
	if project {
		shortcut = r.last
	}
	r.add(bareConv3(filters, stride))
	r.norm()
	r.add(bareConv3(filters, 1))
	if r.plain {
		return
	}
	if project {
		shortcut = r.g.Add(Conv2D{Filters: filters, Kernel: 1, Conv: glyph.Conv{Stride: stride}, NoBias: true}, shortcut)
	}
	r.last = r.g.Add(Add{}, r.last, shortcut)
}
