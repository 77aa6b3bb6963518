package study

import "testing"

func TestNewSession(t *testing.T) {
	if s := NewSession("cpu", "a processor", 2, Shard{Count: 1}); s.ID == "" || s.Version == "" || s.Backend != "cpu" || s.Parallel != 2 {
		t.Errorf("%+v", s)
	}
}
