package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/internal/atomicfile"
	"glyph/internal/local"
	"glyph/internal/message"
	"glyph/recognise/page"
	"glyph/runs"
	"glyph/runs/board"
	"glyph/runs/review"
)

func newUI() *cobra.Command {
	var listen, base, export string
	var hosts []string
	var backend flags.Backend
	cmd := &cobra.Command{
		Use:   "ui [RUNS]",
		Short: "Open a page with all runs, their curves and what differs",
		Long: `Serve a page with every run in RUNS (default runs) and with trainings in progress: a
table to sort, filter, tag and tidy, curves over each other, what differs between
runs, groups over seeds, and each run's results, mistakes and page to draw on. It
loads nothing from the internet. --export writes it as one HTML file instead.

Only this machine can connect, unless --listen says otherwise. Behind a proxy that
other machines reach, --public-host is the name that they use and --base-path the
path that the proxy passes on unchanged.`,
		Example: `  glyph ui
  glyph ui runs --export runs.html
  glyph ui --base-path /glyph --public-host lab.example`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			opt := board.Options{Root: flags.RunsDir, Base: base}
			if len(args) > 0 {
				opt.Root = args[0]
			}
			if err := backend.Check(); err != nil {
				return err
			}
			if export != "" {
				return exportBoard(cmd.OutOrStdout(), opt, export)
			}
			host, _, err := net.SplitHostPort(listen)
			if err != nil {
				return fmt.Errorf("--listen must be HOST:PORT, such as localhost:8080, not %q", listen)
			}
			opt.Names = append(ownNames(host), hosts...)
			opt.Log = log.New(cmd.ErrOrStderr(), "", log.LstdFlags)
			networks := networks{backend}
			opt.Review, opt.Draw = networks.review, networks.draw
			return serveBoard(cmd, opt, listen, host)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&listen, "listen", "localhost:8080", "`HOST:PORT` to listen on; port 0 takes a free one")
	f.StringVar(&export, "export", "", "write the page with its data into this `file`, and serve nothing")
	f.StringVar(&base, "base-path", "", "`path` below which a proxy serves the page, such as /glyph")
	f.StringArrayVar(&hosts, "public-host", nil, "`name` under which a proxy serves the page, with its port if it isn't the usual one; may be repeated")
	backend.Add(f, "cpu")
	return cmd
}

// serveBoard serves the page until the command is interrupted.
func serveBoard(cmd *cobra.Command, opt board.Options, listen, host string) error {
	b, err := board.New(opt)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(cmd.Context())
	h, err := b.Handler(ctx)
	if err != nil {
		cancel()
		return err
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		cancel()
		return listenError(listen, err)
	}
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		b.Follow(ctx)
	}()
	sayServed(cmd.OutOrStdout(), host, l.Addr(), opt.Base)
	err = local.Run(ctx, l, h, opt.Log)
	cancel()
	<-followed
	return err
}

// exportBoard writes the page into a file.
func exportBoard(out io.Writer, opt board.Options, path string) error {
	b, err := board.New(opt)
	if err != nil {
		return err
	}
	if err := atomicfile.Write(path, b.Export); err != nil {
		return fmt.Errorf("--export %s: %w", message.Quote(path), message.Cause(err))
	}
	fmt.Fprintf(out, "saved    %s\n", message.Quote(path))
	return nil
}

// networks opens the networks of runs for the page, each on a device of its own.
type networks struct{ backend flags.Backend }

// review evaluates a run on the data that it was trained on.
func (n networks) review(ctx context.Context, dir string) (*review.Review, error) {
	w, err := runs.OpenWeights(dir)
	if err != nil {
		return nil, err
	}
	dev, err := n.backend.Open()
	if err != nil {
		return nil, err
	}
	defer dev.Close() //nolint:errcheck // reading has reported device errors
	return evaluated(ctx, dev, w, "")
}

// draw is the page to draw on, the same as that of glyph serve.
func (n networks) draw(ctx context.Context, dir string) (h http.Handler, release func(), err error) {
	w, err := runs.OpenWeights(dir)
	if err != nil {
		return nil, nil, err
	}
	source, err := openData(ctx, w.Data, "", w.Pictures())
	if err != nil {
		if source, err = standIn(io.Discard, w, err); err != nil {
			return nil, nil, err
		}
	}
	dev, err := n.backend.Open()
	if err != nil {
		return nil, nil, err
	}
	release = func() { dev.Close() } //nolint:errcheck // reading has reported device errors
	r, err := newRecogniser(w, dev, page.MaxPixels)
	if err == nil {
		h, err = page.Handler(r, servedPage(w, source), page.Options{Inside: true})
	}
	if err != nil {
		release()
		return nil, nil, err
	}
	return h, release, nil
}
