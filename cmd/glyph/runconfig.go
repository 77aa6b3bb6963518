package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph/runs"
)

// notInConfig are the flags that say where to write and what to print, not what
// to train.
var notInConfig = map[string]bool{"config": true, "resume": true, "out": true, "json": true, "report": true, "help": true}

// configText is the flags as TOML, by their names. resolved has the values of
// those that are kept otherwise than given; an empty one leaves its flag out.
func configText(cmd *cobra.Command, resolved map[string]string) []byte {
	var b strings.Builder
	b.WriteString("# Repeat this training with: glyph train --config THIS_FILE\n")
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		value, given := resolved[f.Name]
		if !given {
			value = f.Value.String()
		}
		if notInConfig[f.Name] || given && value == "" {
			return
		}
		switch f.Value.Type() {
		case "string", "duration":
			if value == "" {
				return
			}
			value = strconv.Quote(value)
		case "intSlice", "float64Slice":
			if !f.Changed {
				return // chosen by the preset
			}
		default:
			if !f.Changed && value == "0" {
				return
			}
		}
		fmt.Fprintf(&b, "%s = %s\n", f.Name, value)
	})
	return []byte(b.String())
}

// writeConfig keeps the flags of a new run, and the weights it starts from.
func (j *job) writeConfig() error {
	resolved := map[string]string{"data": j.data.name, "backend": j.dev.kind}
	if info, err := os.Stat(j.data.name); err == nil && info.IsDir() {
		if resolved["data"], err = filepath.Abs(j.data.name); err != nil {
			return err
		}
	}
	if j.f.data.classes != "" {
		if err := j.run.SaveClasses(); err != nil {
			return err
		}
		resolved["classes"] = runs.ClassesFile // beside the config, wherever that goes
	}
	if j.start != nil {
		if err := j.run.SaveStart(); err != nil {
			return err
		}
		resolved["weights"] = runs.StartFile // beside the config, wherever that goes
		for _, name := range netNames {
			if !j.cmd.Flags().Changed(name) {
				resolved[name] = ""
			}
		}
	}
	return j.dir.WriteConfig(configText(j.cmd, resolved))
}
