package pytorch_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"glyph/exchange/pytorch"
	"glyph/models"
)

var (
	smallVGG    = models.Spec{Model: "vgg", Input: []int{4, 4, 1}, Filters: []int{2, 3}, Classes: 2}
	smallResNet = models.Spec{Model: "resnet", Input: []int{4, 4, 1}, Depth: 8, Width: 2, Classes: 3}
)

// A residual network is a module with attributes named as the layers, and a forward
// in which values have several readers.
func TestExportGraph(t *testing.T) {
	torch, err := pytorch.Export(smallResNet, numbered(t, smallResNet))
	if err != nil {
		t.Fatal(err)
	}
	text := torch.Python("x", smallResNet.InputShape(), "m", "s")
	for _, line := range []string{
		"class Net(nn.Module):",
		"        self.conv2d_1 = nn.Conv2d(1, 2, 3, stride=1, padding=1, bias=False)",
		"        self.batchnorm2d_1 = nn.BatchNorm2d(2)",
		"        self.globalpool2d_1 = nn.AdaptiveAvgPool2d(1)",
		"        conv2d_1 = self.conv2d_1(x)",
		"        batchnorm2d_1 = torch.relu(self.batchnorm2d_1(conv2d_1))",
		"        add_1 = conv2d_3 + conv2d_1",
		"        batchnorm2d_3 = torch.relu(self.batchnorm2d_3(add_1))",
		"        conv2d_6 = self.conv2d_6(batchnorm2d_3)", // the projection reads what the block does
		"        add_2 = conv2d_5 + conv2d_6",
		"        globalpool2d_1 = self.globalpool2d_1(batchnorm2d_7).flatten(1)",
		"        return self.dense_1(globalpool2d_1)",
		"net = Net()",
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no line %q in\n%s", line, text)
		}
	}
	if len(torch.Names) != len(torch.Modules) {
		t.Errorf("%d names and %d modules", len(torch.Names), len(torch.Modules))
	}
	var names []string
	for _, a := range torch.Tensors[:6] {
		names = append(names, a.Name)
	}
	if want := []string{"conv2d_1.weight", "batchnorm2d_1.weight", "batchnorm2d_1.bias", "batchnorm2d_1.running_mean", "batchnorm2d_1.running_var", "conv2d_2.weight"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
}

// A state_dict of nn.Sequential(Conv2d, BatchNorm2d, ...) with all that PyTorch puts
// there.
func TestImportNorm(t *testing.T) {
	names := []string{"0", "1", "3", "4", "7", "8", "10", "11", "14"}
	own, torch := named(t, smallVGG, names...)
	torch = append(torch, models.NamedArray{Name: "1.num_batches_tracked", Shape: []int{}, Data: []float32{1e9}})
	got, _, err := pytorch.Import(smallVGG, torch, nil)
	if err != nil || !reflect.DeepEqual(got, own) {
		t.Fatalf("%v %v", got, err)
	}

	// Without affine parameters.
	plain := slices.DeleteFunc(slices.Clone(torch), func(a models.NamedArray) bool { return a.Name == "4.weight" || a.Name == "4.bias" })
	got, layers, err := pytorch.Import(smallVGG, plain, nil)
	if err != nil || !slices.Equal(array(got, "batchnorm2d_2.weight"), []float32{1, 1}) || !slices.Equal(array(got, "batchnorm2d_2.bias"), []float32{0, 0}) {
		t.Errorf("%v %v", got, err)
	}
	if table := pytorch.Table(layers); !strings.Contains(table, "batchnorm2d_2  2        4 (no weight and bias in the file: ones and zeros)\n") {
		t.Errorf("the table is\n%s", table)
	}

	// Without a weight.
	plain = slices.DeleteFunc(slices.Clone(torch), func(a models.NamedArray) bool { return a.Name == "4.weight" })
	got, layers, err = pytorch.Import(smallVGG, plain, nil)
	if table := pytorch.Table(layers); err != nil || !slices.Equal(array(got, "batchnorm2d_2.weight"), []float32{1, 1}) ||
		!strings.Contains(table, "batchnorm2d_2  2        4 (no weight in the file: ones)\n") {
		t.Errorf("%v %v, the table is\n%s", got, err, table)
	}

	// With a bias before the normalisation, which subtracts it again.
	biased := append(slices.Clone(torch), models.NamedArray{Name: "3.bias", Shape: []int{2}, Data: []float32{0.5, -2}})
	got, layers, err = pytorch.Import(smallVGG, biased, nil)
	mean := array(own, "batchnorm2d_2.running_mean")
	if err != nil || !slices.Equal(array(got, "batchnorm2d_2.running_mean"), []float32{mean[0] - 0.5, mean[1] + 2}) {
		t.Errorf("%v %v", got, err)
	}
	if table := pytorch.Table(layers); !strings.Contains(table, "3 (its bias goes into the running mean of batchnorm2d_2)\n") {
		t.Errorf("the table is\n%s", table)
	}
	if again, _, _ := pytorch.Import(smallVGG, torch, nil); !reflect.DeepEqual(again, own) {
		t.Error("the caller's tensors are changed")
	}
}

func array(arrays []models.NamedArray, name string) []float32 {
	return arrays[slices.IndexFunc(arrays, func(a models.NamedArray) bool { return a.Name == name })].Data
}

func TestImportNormErrors(t *testing.T) {
	names := []string{"0", "1", "3", "4", "7", "8", "10", "11", "14"}
	for _, c := range []struct {
		change func(list []models.NamedArray) []models.NamedArray
		want   []string
	}{
		{drop("4.running_var"), []string{`"4.running_mean"`, "without a running variance"}},
		{drop("4.running_mean"), []string{`"4.running_var"`, "without a running mean"}},
		{drop("4.running_var", "4.running_mean"), []string{`batchnorm2d_2 takes running statistics, and "4" of the file has none`}},
		{func(l []models.NamedArray) []models.NamedArray {
			array(l, "1.running_var")[1] = -0.5
			return l
		}, []string{`"1.running_var"`, "the negative variance -0.5 at [1]"}},
		{func(l []models.NamedArray) []models.NamedArray {
			return append(l, models.NamedArray{Name: "3.bias", Shape: []int{1}, Data: []float32{1}})
		}, []string{`"3.bias" is [1]`, "conv2d_2", "[2]"}},
		{func(l []models.NamedArray) []models.NamedArray {
			return append(l, models.NamedArray{Name: "3.bias", Shape: []int{2}, Data: []float32{-3e38, 1}})
		}, nil},
		{drop("4.weight", "4.bias", "4.running_mean", "4.running_var"), []string{"batchnorm2d_2 takes a weight of 2"}},
	} {
		_, torch := named(t, smallVGG, names...)
		_, _, err := pytorch.Import(smallVGG, c.change(torch), nil)
		if c.want == nil {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		oneLine(t, err, c.want...)
	}
	// A convolution whose output is added has no normalisation that could take its
	// bias over.
	own := numbered(t, smallResNet)
	exported, err := pytorch.Export(smallResNet, own)
	if err != nil {
		t.Fatal(err)
	}
	for _, conv := range []string{"conv2d_1", "conv2d_3"} {
		_, _, err = pytorch.Import(smallResNet, append(slices.Clone(exported.Tensors), models.NamedArray{Name: conv + ".bias", Shape: []int{2}, Data: []float32{1, 1}}), nil)
		oneLine(t, err, `"`+conv+`.bias" is a bias, and `+conv+` of this network has none`)
	}
}

// drop leaves tensors out.
func drop(names ...string) func([]models.NamedArray) []models.NamedArray {
	return func(list []models.NamedArray) []models.NamedArray {
		return slices.DeleteFunc(list, func(a models.NamedArray) bool { return slices.Contains(names, a.Name) })
	}
}

// The names that PyTorch's own residual networks have: their numbers put in order
// what is in blocks, and the last normalisation, outside of them, is told.
func TestImportResNetNames(t *testing.T) {
	names := strings.Fields("conv1 layer1.0.bn1 layer1.0.conv1 layer1.0.bn2 layer1.0.conv2 " +
		"layer2.0.bn1 layer2.0.conv1 layer2.0.bn2 layer2.0.conv2 layer2.0.downsample.0 " +
		"layer3.0.bn1 layer3.0.conv1 layer3.0.bn2 layer3.0.conv2 layer3.0.downsample.0 bn fc")
	own, torch := named(t, smallResNet, names...)
	_, _, err := pytorch.Import(smallResNet, torch, nil)
	var unknown *pytorch.OrderError
	if !errors.As(err, &unknown) || !slices.Contains(unknown.Open(), "bn") {
		t.Fatal(err)
	}
	got, _, err := pytorch.Import(smallResNet, torch, []string{"layer3.0.bn2", "bn"})
	if err != nil || !reflect.DeepEqual(got, own) {
		t.Error(err)
	}
}
