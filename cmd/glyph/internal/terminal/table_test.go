package terminal

import (
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	rows := [][]string{
		{"name", "model", "test", "device"},
		{"20261126-101500-kmnist-benchmark", "kmnist-benchmark", "95.12 %", "AMD EPYC"},
		{"くずし字", "cnn", "-"},
	}
	for _, c := range []struct {
		width int
		right bool
		want  string
	}{
		{0, false, `
name                              model             test     device
20261126-101500-kmnist-benchmark  kmnist-benchmark  95.12 %  AMD EPYC
くずし字                          cnn               -
`},
		{60, false, `
name                     model             test     device
20261126-101500-kmnist…  kmnist-benchmark  95.12 %  AMD EPYC
くずし字                 cnn               -
`},
		{40, false, `
name               model         test
20261126-101500-…  kmnist-benc…  95.12 %
くずし字           cnn           -
no room for these columns: device
`},
		{28, false, `
name            model
20261126-1015…  kmnist-benc…
くずし字        cnn
no room for these columns:
test, device
`},
		{20, false, `
name    model
20261…  kmnist-benc…
くず…   cnn
left out: test,
device
`},
		{0, true, `
                            name             model     test    device
20261126-101500-kmnist-benchmark  kmnist-benchmark  95.12 %  AMD EPYC
                        くずし字               cnn        -
`},
	} {
		got := Table(rows, c.width, c.right)
		if got != c.want[1:] {
			t.Errorf("%d columns:\n%s", c.width, got)
		}
		for _, line := range strings.Split(got, "\n") {
			if c.width > 0 && Columns(line) > c.width {
				t.Errorf("%d columns: a line of %d", c.width, Columns(line))
			}
		}
	}
}
