package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/internal/local"
	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/recognise/page"
	"glyph/runs"
	"glyph/runs/review"
)

// shownExamples is how many examples of a character the page shows.
const shownExamples = 6

func newServe() *cobra.Command {
	var listen, data string
	var backend flags.Backend
	cmd := &cobra.Command{
		Use:   "serve RUN",
		Short: "Open a page to draw characters on",
		Long: `Serve a page on which you draw a character and see, stroke by stroke, what the run's
network recognises, next to examples of every character. The page loads nothing
from the internet. POST /predict recognises a picture and answers with JSON:

  curl --data-binary @picture.png -H 'Content-Type: image/png' localhost:8080/predict

Only this machine can connect, unless --listen says otherwise. Failed requests are
logged to stderr, a line each. A few requests run at a time and some more wait; the
rest are answered with 503 and Retry-After.`,
		Example: `  glyph serve runs/cnn
  glyph serve runs/cnn --listen 0.0.0.0:8080`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			host, _, err := net.SplitHostPort(listen)
			if err != nil {
				return fmt.Errorf("--listen must be HOST:PORT, such as localhost:8080, not %q", listen)
			}
			s, err := runs.OpenWeights(args[0])
			if err != nil {
				return err
			}
			source, err := servedData(cmd, s, data)
			if err != nil {
				return err
			}
			dev, err := backend.Open()
			if err != nil {
				return err
			}
			defer dev.Close() //nolint:errcheck // reading has reported device errors
			r, err := newRecogniser(s, dev, page.MaxPixels)
			if err != nil {
				return err
			}
			failures := log.New(cmd.ErrOrStderr(), "", log.LstdFlags)
			h, err := page.Handler(r, servedPage(s, source), page.Options{Names: ownNames(host), Log: failures})
			if err != nil {
				return err
			}
			l, err := net.Listen("tcp", listen)
			if err != nil {
				return listenError(listen, err)
			}
			sayServed(cmd.OutOrStdout(), host, l.Addr(), "")
			return local.Run(cmd.Context(), l, h, failures)
		},
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVar(&listen, "listen", "localhost:8080", "`HOST:PORT` to listen on; port 0 takes a free one")
	fs.StringVar(&data, "data", "", "where the examples come from: kmnist, synthetic or a `directory` (default: what the weights were trained on)")
	backend.Add(fs, "cpu")
	flags.TakesRuns(cmd, 1)
	return cmd
}

// ownNames are the host names under which the page may be requested, besides
// localhost and addresses.
func ownNames(host string) []string {
	if host == "" || net.ParseIP(host) != nil {
		return nil
	}
	return []string{host}
}

// listenError is why the program can't listen on an address.
func listenError(address string, err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	return fmt.Errorf("--listen %s: %v; choose another port", message.Quote(address), err)
}

// sayServed tells where the page is, below a base path.
func sayServed(out io.Writer, host string, addr net.Addr, base string) {
	if base != "" {
		base += "/"
	}
	fmt.Fprintf(out, "open     http://%s%s\n", shownAddress(host, addr), base)
	if ip := net.ParseIP(host); host == "" || ip != nil && !ip.IsLoopback() {
		fmt.Fprintln(out, "warning: anyone who can reach this machine can use the page; --listen localhost:8080 keeps it to this machine")
	}
	fmt.Fprintln(out, "press Ctrl-C to stop")
}

// servedData is where examples come from: --data, or what the network was trained
// on, or if that is gone synthetic characters, with a note.
func servedData(cmd *cobra.Command, s *runs.Weights, data string) (kmnist.Data, error) {
	if data != "" {
		return openData(cmd.Context(), data, "", s.Pictures())
	}
	source, err := openData(cmd.Context(), s.Data, "", s.Pictures())
	if err != nil && cmd.Context().Err() == nil {
		return standIn(cmd.OutOrStdout(), s, err)
	}
	return source, err
}

// shownAddress is the address to open in a browser.
func shownAddress(host string, addr net.Addr) string {
	_, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(strings.ToLower(host), port)
}

// servedPage is what the page shows of a network and of the characters.
func servedPage(s *runs.Weights, source kmnist.Data) page.Page {
	p := page.Page{Source: source.Source}
	if source.Name != "" && source.Name != kmnist.Official && source.Name != kmnist.Drawn {
		p.Source = message.Quote(filepath.Base(source.Name)) // the page need not reveal where it is stored
	}
	p.Model = fmt.Sprintf("%s, %s parameters", s.Spec.Model, message.Thousands(s.Spec.ParamCount()))
	if sum, err := s.Summary(); err == nil && sum.TestImages > 0 {
		p.Model += fmt.Sprintf(", accuracy %.1f %% on %s", 100*sum.TestAccuracy, message.Count(sum.TestImages, "test image"))
	}
	classes := s.ClassNames()
	for label, row := range review.Examples(source.Train, len(classes), shownExamples) {
		k := page.Class{Symbol: classes[label].Symbol, Name: classes[label].Name}
		for _, e := range row {
			k.Examples = append(k.Examples, page.Picture{Pixels: e.Pixels, H: e.H, W: e.W, C: e.C})
		}
		p.Classes = append(p.Classes, k)
	}
	return p
}
