// Isa compiles the programs of a hardware GPU with Mesa's drivers for GPUs that are not
// here, reads what the drivers say of them, and fails where a program is worse than the
// limits in limits.go: make gpu-isa ROOT=DIR. It runs as root, since the drivers are
// those of the system in the root directory DIR, which bench/isa/mesa/build.sh makes.
//
//	isa -root DIR [-chips vega10,tgl] [-match REGEXP] [-all] FOLDER
//
// FOLDER is what glyph bench --dump-shaders wrote. No GPU computes anything here: the
// no-op devices take every command and do nothing.
package main

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
)

//go:embed mesa/compile.c
var compiler []byte

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "isa:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	fs := flag.NewFlagSet("isa", flag.ContinueOnError)
	root := fs.String("root", "", "the root directory that bench/isa/mesa/build.sh made")
	names := fs.String("chips", "navi31,vega10,tgl,nv168", "the GPUs to compile for")
	match := fs.String("match", "", "only the programs whose file matches this")
	all := fs.Bool("all", false, "a line for each program, and not only for each kernel")
	if err := fs.Parse(args); err != nil {
		return err
	}
	wanted, err := regexp.Compile(*match)
	if err != nil {
		return fmt.Errorf("-match: %w", err)
	}
	if fs.NArg() != 1 {
		return errors.New("want one folder with programs")
	}
	var bad []string
	compiled := 0
	for _, name := range strings.Split(*names, ",") {
		c, err := chipOf(name)
		if err != nil {
			return err
		}
		files, err := programs(filepath.Join(fs.Arg(0), c.dir), wanted)
		if err != nil {
			return err
		}
		list, err := c.compile(ctx, *root, files)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		report(out, c, list, *all)
		compiled += len(list)
		for _, p := range list {
			bad = append(bad, p.faults(c)...)
		}
	}
	return verdict(out, bad, compiled, *names, *all)
}

// verdict lists the faults, or some, and says in its last line or its error how many there
// are.
func verdict(out io.Writer, bad []string, compiled int, chips string, all bool) error {
	const most = 20
	for i, b := range bad {
		if i == most && !all {
			fmt.Fprintf(out, "and %d more, which -all lists\n", len(bad)-most)
			break
		}
		fmt.Fprintln(out, b)
	}
	if len(bad) > 0 {
		return fmt.Errorf("%d faults in %d programs for %s", len(bad), compiled, chips)
	}
	fmt.Fprintf(out, "all %d programs for %s are within the limits\n", compiled, chips)
	return nil
}

// programs are the sources in a folder.
func programs(dir string, wanted *regexp.Regexp) (files []string, err error) {
	all, err := filepath.Glob(filepath.Join(dir, "*.comp"))
	for _, f := range all {
		if wanted.MatchString(filepath.Base(f)) {
			files = append(files, f)
		}
	}
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s has no such programs; glyph bench --dump-shaders writes them", dir)
	}
	return files, err
}

// compile has the chip's driver compile the files, in a folder of its own in the root.
func (c chip) compile(ctx context.Context, root string, files []string) (list []program, err error) {
	if _, err := os.Stat(filepath.Join(root, "isa", c.shim)); root == "" || err != nil {
		return nil, fmt.Errorf("there is no %s in %q; bench/isa/mesa/build.sh DIR makes it, and ROOT=DIR names the folder", c.shim, root)
	}
	dir, err := os.MkdirTemp(filepath.Join(root, "tmp"), "isa-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.WriteFile(filepath.Join(dir, "compile.c"), compiler, 0o644); err != nil {
		return nil, err
	}
	var names []string
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(f)), text, 0o644)
		}
		if err != nil {
			return nil, err
		}
		names = append(names, filepath.Base(f))
	}
	inside := "/tmp/" + filepath.Base(dir)
	if text, err := exec.CommandContext(ctx, "chroot", root, "/usr/bin/cc", "-O1", "-o", inside+"/compile", inside+"/compile.c", "-lEGL").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compile.c: %w\n%s", err, text)
	}
	args := append([]string{root, "env", "-i", "HOME=/root", "PATH=/usr/bin:/bin", "MESA_SHADER_CACHE_DISABLE=1", "LD_PRELOAD=/isa/" + c.shim}, c.env...)
	args = append(args, "sh", "-c", "cd "+inside+" && exec ./compile \"$@\" 2>&1", "sh")
	cmd := exec.CommandContext(ctx, "chroot", append(args, names...)...)
	text, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	list, err = read(text, c)
	io.Copy(io.Discard, text) //nolint:errcheck // Wait has the error
	waitErr := cmd.Wait()
	if err == nil && len(list) != len(names) {
		err = fmt.Errorf("the driver came to %d of %d programs: %v", len(list), len(names), waitErr)
	}
	return list, err
}

// read splits what the driver says by program.
func read(text io.Reader, c chip) (list []program, err error) {
	scanner := bufio.NewScanner(text)
	scanner.Buffer(nil, 1<<20)
	var lines []string
	for scanner.Scan() {
		word, name, _ := strings.Cut(scanner.Text(), " ")
		switch word {
		case "NONE":
			return nil, errors.New(name)
		case "PROGRAM":
			lines = lines[:0]
		case "DONE":
			p := c.parse(lines)
			p.file = name
			list = append(list, p)
		case "FAILED":
			list = append(list, program{file: name, failed: strings.Join(lines, "\n")})
		default:
			lines = append(lines, scanner.Text())
		}
	}
	return list, scanner.Err()
}
