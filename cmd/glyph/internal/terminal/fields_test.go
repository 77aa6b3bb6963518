package terminal

import "testing"

func TestFields(t *testing.T) {
	rows := [][2]string{{"cpu", "AMD EPYC, 2 workers"}, {}, {"work group", "1024 invocations, 32 KiB shared"}, {"名", "くずし字 くずし字"}}
	for width, want := range map[int]string{
		0: `
cpu         AMD EPYC, 2 workers

work group  1024 invocations, 32 KiB shared
名          くずし字 くずし字
`,
		28: `
cpu         AMD EPYC, 2
            workers

work group  1024
            invocations, 32
            KiB shared
名          くずし字
            くずし字
`,
	} {
		if got := Fields(rows, width); got != want[1:] {
			t.Errorf("%d columns:\n%s", width, got)
		}
	}
	if got := Wrap("- ", "a longestword b", 6); got != "- a\n  longestword\n  b\n" {
		t.Errorf("%q", got)
	}
}
