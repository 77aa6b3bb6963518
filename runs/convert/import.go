package convert

import (
	"glyph/cpu"
	"glyph/exchange/pytorch"
	"glyph/exchange/safetensors"
	"glyph/kmnist"
	"glyph/models"
	"glyph/runs"
)

// Normalize is torchvision's transforms.Normalize of pixels from 0 to 1.
type Normalize struct{ Mean, Std float64 }

// Import is what to make of a file of PyTorch's weights.
type Import struct {
	Spec  models.Spec // of the network
	Order []string    // see pytorch.Import

	// Normalize is how pixels were normalised; nil is as the file says, or only
	// divided by 255 where it says nothing, as transforms.ToTensor does.
	Normalize *Normalize
	Classes   []kmnist.Class // by label; nil keeps what the file says
	Data      string         // what the run is evaluated on, a name that kmnist.Open takes; "" keeps what the file says
}

// Imported is a network from a file of PyTorch's.
type Imported struct {
	Spec   models.Spec
	Layers []pytorch.Assignment // which module each layer took

	NormalisedByFile bool // the file says how pixels were normalised

	arrays  []models.NamedArray
	entries map[string]string
}

// FromPyTorch makes a network of a file that [pytorch.Load] has read. The error is
// that of [pytorch.Import], or of the metadata; it continues a sentence about the
// file.
func (i Import) FromPyTorch(file safetensors.File) (*Imported, error) {
	r := &Imported{Spec: i.Spec, entries: metadata(file.Metadata)}
	var err error
	if r.arrays, r.Layers, err = pytorch.Import(i.Spec, file.Tensors, i.Order); err != nil {
		return nil, err
	}
	r.NormalisedByFile = i.Normalize == nil && r.entries[runs.MeanKey] != "" && r.entries[runs.ScaleKey] != ""
	if !r.NormalisedByFile {
		n := Normalize{Std: 1}
		if i.Normalize != nil {
			n = *i.Normalize
		}
		// (pixel/255 - mean)/std = (pixel - 255·mean)·(1/(255·std))
		m := runs.Metadata{Mean: []float32{float32(255 * n.Mean)}, Scale: []float32{float32(1 / (255 * n.Std))}}.Map()
		r.entries[runs.MeanKey], r.entries[runs.ScaleKey] = m[runs.MeanKey], m[runs.ScaleKey]
	}
	if i.Classes != nil {
		r.entries[runs.ClassesKey] = runs.Metadata{Classes: i.Classes}.Map()[runs.ClassesKey]
	}
	if i.Data != "" {
		r.entries[runs.DataKey] = i.Data
	}
	_, err = runs.ParseMetadata(r.entries)
	return r, err
}

// Write makes the run, in a directory that [runs.Create] has taken.
func (r *Imported) Write(dir *runs.Dir) error {
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // a processor does not fail
	net, err := models.New(b, r.Spec, 1)
	if err != nil {
		return err
	}
	if err := net.SetWeights(r.arrays); err != nil {
		return err
	}
	return dir.WriteImported(net, r.entries)
}
