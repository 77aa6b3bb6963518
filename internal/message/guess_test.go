package message

import "testing"

func TestUnknown(t *testing.T) {
	known := []string{"linear", "mlp", "cnn"}
	for name, want := range map[string]string{
		"cn":    `unknown model "cn"; did you mean cnn? (known are linear, mlp, cnn)`,
		"liner": `unknown model "liner"; did you mean linear? (known are linear, mlp, cnn)`,
		"lenet": `unknown model "lenet"; known are linear, mlp, cnn`,
		"":      `unknown model ""; known are linear, mlp, cnn`,
	} {
		if got := Unknown("model", name, known).Error(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// Of two words as near, the one that begins alike is meant.
func TestClosestBeginsAlike(t *testing.T) {
	for word, want := range map[string]string{"fsh": "fish", "zhs": "zsh", "bsh": "bash", "sh": "zsh", "tcl": ""} {
		if got := Closest(word, []string{"bash", "zsh", "fish"}); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}
