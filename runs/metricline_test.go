package runs

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
)

// What is read without encoding/json is what encoding/json reads, and it refuses all
// that is written otherwise.
func TestParseMetric(t *testing.T) {
	loss, accuracy := 0.1234567890123, 1.0
	full, err := json.Marshal(Metric{
		Step: 12, Epoch: 3, Loss: 1e-300, Accuracy: 0.98765, LR: 0.1, ValidationLoss: &loss, ValidationAccuracy: &accuracy,
		GradientNorm: math.MaxFloat64, ImagesPerSecond: 123456.789,
	})
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]bool{
		string(full): true, string(full) + "\n": true,
		`{"step":1,"loss":2.5,"accuracy":0,"lr":0.1}`:  true,
		`{"step":1,"loss":-0,"loss":2.5e+3}`:           true,
		`{"step":1,"validation_loss":0.5,"lr":1.5E-7}`: true,
		`{"step":1, "loss":2.5}`:                       false,
		`{"step":1,"holdout_loss":2.5}`:                false, // of an older version
		`{"Step":1}`:                                   false,
		`{"step":1,"new":[1,2]}`:                       false,
		`{}`:                                           false,
		`{"step":1.0}`:                                 false,
		`{"step":1,"loss":null}`:                       false,
		`{"step":01}`:                                  false,
		`{"loss":0x10}`:                                false,
		`{"loss":Inf}`:                                 false,
		`{"loss":1_0}`:                                 false,
		`{"loss":1.}`:                                  false,
		`{"loss":.5}`:                                  false,
		`{"loss":+5}`:                                  false,
		`{"loss":1e}`:                                  false,
		`{"loss":1e999}`:                               false,
		`{"lr":1e39}`:                                  false,
		`{"step":99999999999999999999}`:                false,
		`{"step":1}{"step":2}`:                         false,
		`{"step":1}x`:                                  false,
		`{"step":1`:                                    false,
		`{"step":1,}`:                                  false,
		`{"st\u0065p":1}`:                              false,
		`[1]`:                                          false,
		``:                                             false,
	}
	for line, plain := range lines {
		if _, ok := parsePlain([]byte(line)); ok != plain {
			t.Errorf("%q is plain: %v, want %v", line, ok, plain)
		}
		sameMetric(t, line)
	}
}

func sameMetric(t *testing.T, line string) {
	t.Helper()
	var want Metric
	wantErr := json.Unmarshal([]byte(line), &want)
	got, err := parseMetric([]byte(line))
	if (err == nil) != (wantErr == nil) || err == nil && !reflect.DeepEqual(got, want) {
		t.Errorf("%q: %+v, %v; encoding/json has %+v, %v", line, got, err, want, wantErr)
	}
}

func FuzzParseMetric(f *testing.F) {
	f.Add(`{"step":1,"epoch":2,"loss":2.5e-3,"accuracy":0,"lr":0.1,"validation_loss":1}`)
	f.Add(`{"step":01,"loss":1.}`)
	f.Fuzz(sameMetric)
}
