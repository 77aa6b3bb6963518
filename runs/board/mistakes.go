package board

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image/png"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	"glyph/internal/local"
	"glyph/runs"
	"glyph/runs/plots"
	"glyph/runs/review"
)

// reviews evaluates one run at a time, and keeps the last few results.
type reviews struct {
	evaluate func(ctx context.Context, dir string) (*review.Review, error)
	turn     chan struct{}
	kept     []kept // the latest last; only who has the turn uses it
}

type kept struct {
	dir  string
	seen [2]stamp // of the weights
	*review.Review
}

// weightsOf is the state of a run's weights.
func weightsOf(dir string) [2]stamp {
	return [2]stamp{stampOf(filepath.Join(dir, runs.BestFile)), stampOf(filepath.Join(dir, runs.LastFile))}
}

const keptReviews = 3

func newReviews(evaluate func(ctx context.Context, dir string) (*review.Review, error)) *reviews {
	return &reviews{evaluate: evaluate, turn: make(chan struct{}, 1)}
}

// of is the review of a run as its weights are now.
func (r *reviews) of(ctx context.Context, dir string) (*review.Review, error) {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	seen := weightsOf(dir)
	for _, k := range r.kept {
		if k.dir == dir && k.seen == seen {
			return k.Review, nil
		}
	}
	// Whoever has gone meanwhile may come back for it.
	whole, cancel := context.WithTimeout(context.WithoutCancel(ctx), evaluation)
	defer cancel()
	got, err := r.evaluate(whole, dir)
	if err != nil {
		return nil, err
	}
	r.kept = append(r.kept, kept{dir, seen, got})
	r.kept = r.kept[max(0, len(r.kept)-keptReviews):]
	return got, nil
}

// Mistake is a test image that was taken for another class.
type Mistake struct {
	Image            string  `json:"image"` // a data URL
	Label            int     `json:"label"`
	Predicted        int     `json:"predicted"`
	Probability      float64 `json:"probability"` // of the class it was taken for
	LabelProbability float64 `json:"label_probability"`
}

// maxPage is how many mistakes are sent at a time.
const maxPage = 200

// evaluation is how long a run may take to be evaluated.
const evaluation = 10 * time.Minute

func (b *Board) serveMistakes(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	_, dir, ok := b.named(w, q.Get("run"))
	if !ok {
		return
	}
	if b.opt.Review == nil {
		local.Fail(w, http.StatusNotFound, fmt.Errorf("this page shows no mistakes"))
		return
	}
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(q.Get(name)); err == nil && n >= 0 {
			return n
		}
		return otherwise
	}
	answer := http.NewResponseController(w)
	answer.SetReadDeadline(time.Time{})                 //nolint:errcheck // then the server's timeouts hold
	answer.SetWriteDeadline(time.Now().Add(evaluation)) //nolint:errcheck // as above
	ctx, cancel := context.WithTimeout(r.Context(), evaluation)
	defer cancel()
	got, err := b.reviews.of(ctx, dir)
	if err != nil {
		local.Fail(w, http.StatusUnprocessableEntity, err)
		return
	}
	label, predicted := number("label", -1), number("predicted", -1)
	from, n := number("from", 0), min(number("n", 60), maxPage)
	page, total := []Mistake{}, 0
	for _, m := range got.Mistakes {
		if label >= 0 && m.Label != label || predicted >= 0 && m.Predicted != predicted {
			continue
		}
		if total++; total > from && len(page) < n {
			url, err := dataURL(m.Image)
			if err != nil {
				local.Fail(w, http.StatusInternalServerError, err)
				return
			}
			page = append(page, Mistake{url, m.Label, m.Predicted, m.Probability, m.LabelProbability})
		}
	}
	local.Reply(w, http.StatusOK, map[string]any{"total": total, "of": got.Data.Test.Len(), "mistakes": page})
}

// dataURL is a picture as the page embeds it.
func dataURL(p plots.Image) (string, error) {
	var b bytes.Buffer
	err := png.Encode(&b, p.Enlarged(1))
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()), err
}
