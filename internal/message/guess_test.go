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
