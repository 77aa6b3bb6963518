package board

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glyph/study"
)

// putStudies puts a sweep, a study with a report and two damaged sweeps beside the runs.
func putStudies(t testing.TB, root string) {
	t.Helper()
	spread, data := 0.0071, filepath.Join(root, "my data")
	if err := os.MkdirAll(data, 0o777); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(study.Leaderboard{
		Source: data, Seeds: []uint64{1, 2, 3}, Varied: []string{"lr", "hidden"}, Trials: 6, Missing: 1,
		Rows: []study.Standing{
			{Rank: 1, Settings: map[string]any{"lr": 0.03, "hidden": []int{128}}, Epochs: 2, Mean: 0.865, Spread: &spread, Accuracies: []float64{0.86, 0.87, 0.865}, Seeds: []uint64{1, 2, 3}, Parameters: 101770, Seconds: 3, Train: []string{"train", "--lr", "0.03"}},
			{Rank: 2, Settings: map[string]any{"lr": 0.01, "hidden": nil}, Epochs: 2, Mean: 0.84, Accuracies: []float64{0.85, 0.83}, Seeds: []uint64{1, 2}, Diverged: 1, Train: []string{"train", "--lr", "0.01"}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, files := range map[string]map[string]string{
		"a-sweep":   {study.ManifestFile: "{}", study.LeaderboardFile: string(text)},
		"whole":     {study.ManifestFile: "{}", study.ReportFile: "<!doctype html><title>a study</title><script>document.title = 'changed'</script>"},
		"z-damaged": {study.ManifestFile: "{}", study.LeaderboardFile: `{"leaderboard": 5`},
		"z-begun":   {study.ManifestFile: "{}"},
		"z-other":   {study.ReportFile: "not of a study"},
	} {
		if err := os.MkdirAll(filepath.Join(root, name), 0o777); err != nil {
			t.Fatal(err)
		}
		for file, text := range files {
			write(t, filepath.Join(root, name), file, []byte(text))
		}
	}
}

// Studies and sweeps are listed, damaged ones with the reason, and only reports of listed
// ones are served, confined like a run's.
func TestStudies(t *testing.T) {
	root := t.TempDir()
	putStudies(t, root)
	data := filepath.Join(root, "my data")
	if err := os.Symlink("/etc/hosts", filepath.Join(root, "z-begun", study.ReportFile)); err != nil {
		t.Fatal(err)
	}
	b, err := New(Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	h, err := b.Handler(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
		return w
	}
	var list []Study
	if err := json.Unmarshal(get("/api/studies").Body.Bytes(), &list); err != nil || len(list) != 4 {
		t.Fatalf("%v, %v", list, err)
	}
	if s := list[0]; s.Name != "a-sweep" || s.Leaderboard == nil || len(s.Leaderboard.Rows) != 2 || s.Report {
		t.Errorf("%+v", s)
	}
	if s := list[2]; s.Name != "z-begun" || s.Problem != "This study has no report yet: it is still running, was stopped, or is a shard. To make one of what is done: glyph study report "+filepath.Join(root, "z-begun") {
		t.Errorf("%+v", s)
	}
	if s := list[0]; s.Best != "glyph train --lr 0.03 --data '"+data+"'" {
		t.Errorf("the best is trained by %q", s.Best)
	}
	for source, name := range map[string]string{"synthetic glyphs (KMNIST is not cached)": "synthetic", "KMNIST": "kmnist", "../kmnist": "../kmnist"} { // of sweeps before their data had names
		if got := best(&study.Leaderboard{Source: source, Rows: []study.Standing{{Train: []string{"train"}}}}); got != "glyph train --data "+name {
			t.Errorf("on %s the best is trained by %q", source, got)
		}
	}
	if s := list[3]; s.Name != "z-damaged" || !strings.Contains(s.Problem, "damaged") || s.Leaderboard != nil {
		t.Errorf("%+v", s)
	}
	for _, text := range []string{
		`{"leaderboard": null}`, `{"seeds": null, "varied": [], "leaderboard": []}`, `{"seeds": [1], "varied": null, "leaderboard": []}`,
		`{"seeds": [1], "varied": [], "leaderboard": [{"settings": {}, "train": []}]}`, `{"seeds": [1], "varied": [], "leaderboard": [{"accuracies": [0.5], "train": []}]}`,
		`{"seeds": [1], "varied": [], "leaderboard": [{"settings": {}, "accuracies": [0.5]}]}`,
	} {
		path := filepath.Join(t.TempDir(), study.LeaderboardFile)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if l, err := readLeaderboard(path); err == nil {
			t.Errorf("%s is read as %+v", text, l)
		}
	}
	w := get("/study/whole")
	if w.Code != 200 || !strings.Contains(w.Body.String(), "a study") || !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("status %d, %v: %s", w.Code, w.Header(), w.Body)
	}
	for _, path := range []string{"/study/a-sweep", "/study/z-begun", "/study/z-other", "/study/..", "/study/%2e%2e%2fwhole", "/study/missing"} {
		if w := get(path); w.Code == 200 || strings.Contains(w.Body.String(), "localhost\n") {
			t.Errorf("%s: status %d: %s", path, w.Code, w.Body)
		}
	}
}
