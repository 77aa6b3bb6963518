package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/progress"
	"glyph/device"
	"glyph/internal/message"
	"glyph/study"
)

// trialFlags are the flags of the commands that run many trainings: on what data, on
// which device, and which part of them.
type trialFlags struct {
	data     string
	backend  flags.Backend
	out      string
	shard    string
	from     int
	parallel int
}

// maxParallel is the most trials at once: each has a network of its own.
const maxParallel = 1024

// addWhat adds the flags that say on what to train and where to compute.
func (f *trialFlags) addWhat(fs *pflag.FlagSet) {
	fs.StringVar(&f.data, "data", "auto", "auto (KMNIST, else synthetic), kmnist, synthetic, or a `directory` of files or of pictures, see docs/data.md")
	f.backend.Add(fs, "auto")
}

// addWhich adds the flags that say where results go and which trials to do.
func (f *trialFlags) addWhich(fs *pflag.FlagSet, out string) {
	fs.StringVar(&f.out, "out", "", out)
	fs.StringVar(&f.shard, "shard", "", "do part `i/n` of the trials, i from 1 to n (see --shard-from), and write no report")
	fs.IntVar(&f.from, "shard-from", 1, "number of the first shard: 1, or 0 for schedulers that count from 0")
	fs.IntVar(&f.parallel, "parallel", 0, "trials at once (default: one for each processor with the cpu, one for each gpu)")
	fs.Lookup("device").Usage = "`GPU` by its number in glyph devices or a part of its name, or several: 0,1"
}

// lost says on errOut that a device failed, and whether others go on.
func lost(trials *device.Trials, show *progress.Study, errOut io.Writer) func(error) bool {
	return func(err error) bool {
		left := trials.Left()
		if left > 0 {
			show.Clear()
			fmt.Fprintf(errOut, "warning: a GPU failed and is left out; its trial is done again on %s: %s\n",
				message.Count(left, "other"), message.Cause(err))
		}
		return left > 0
	}
}

// check reports what is wrong with the flags, and returns the shard they name. Results
// go to usual if there is no --out.
func (f *trialFlags) check(cmd *cobra.Command, usual string) (study.Shard, error) {
	if f.out == "" {
		f.out = usual
	}
	shard := study.Shard{Count: 1}
	var err error
	switch {
	case f.data == "":
		err = errors.New("--data is empty: want auto, kmnist, synthetic or a directory")
	case f.parallel < 0:
		err = fmt.Errorf("--parallel must be at least 1 trial, not %d", f.parallel)
	case f.parallel > maxParallel:
		err = fmt.Errorf("--parallel must be at most %d trials, not %d", maxParallel, f.parallel)
	case f.from != 0 && f.from != 1:
		err = fmt.Errorf("--shard-from must be 0 or 1, not %d", f.from)
	case cmd.Flags().Changed("shard"):
		if shard, err = study.ParseShard(f.shard, f.from); err != nil {
			err = fmt.Errorf("--shard: %w", err)
		}
	}
	if err != nil {
		return shard, err
	}
	return shard, f.backend.Check()
}
