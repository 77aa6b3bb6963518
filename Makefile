# The two commands of the README are make train and make test. Each first sets up
# what it needs, and says what it does.

GO   ?= go
DATA ?= auto
PYTHON ?= python3

# A short training that shows what Glyph does, about a minute on two cores.
TRAIN ?= --model cnn --batch 64 --lr 0.02 --optimizer momentum --schedule one-cycle --epochs 4 --limit 50000

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: train test build check generated plain race fuzz bench bench-peers pictures glfw-test gpu-check gpu-stacks gpu-isa gpu-submit static image exchange-check clean

train: build
	bin/glyph train --data $(DATA) $(TRAIN)

test:
	@GO=$(GO) ./setup test
	$(GO) test -timeout 20m ./...

build:
	@GO=$(GO) ./setup build
	$(GO) build -tags "$$(./setup tags)" -o bin/glyph ./cmd/glyph

# What CI adds to the tests.
check:
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "gofmt would change: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) vet -tags glfw,large ./gpu ./window
	$(GO) run $(STATICCHECK) ./...
	CGO_ENABLED=0 $(GO) vet ./...
	GOARCH=arm64 CGO_ENABLED=0 $(GO) vet ./...
	$(MAKE) --no-print-directory generated

# Whether the CPU backend's assembly is what its generator writes. The generator
# is a module of its own, so the program does not depend on what it needs.
KERNELS = cpu/internal/kernels
generated:
	@new=$$(mktemp -d) && trap 'rm -rf "$$new"' EXIT && \
	cd $(KERNELS)/gen && $(GO) vet . && $(GO) run . -to "$$new" && \
	for f in "$$new"/*; do cmp "$$f" ../"$$(basename "$$f")" || { echo "run go generate ./$(KERNELS)"; exit 1; }; done

# The CPU backend on gonum and plain loops, as on processors without its
# instructions.
plain:
	GLYPH_CPU_KERNELS=none $(GO) test ./cpu ./train

# Package backendtest runs in one goroutine; what it tests is raced in cpu and gpu. The
# tests of the command run whole trainings of what the packages race.
race:
	$(GO) test -race -short -timeout 20m $$($(GO) list ./... | grep -vE '/(backendtest|cmd/glyph)$$')

# Every fuzz target for a while, starting from the seeds that the tests run too.
# Interesting inputs are minimised only a little, since nobody reads them. When the time is
# over, Go before 1.27 may fail without an input that fails (golang/go#75804): that is no fault.
FUZZTIME ?= 1s
fuzz:
	@grep -rlE --include='*_test.go' '^func Fuzz' . | sort | while read -r file; do \
		for target in $$(grep -oE '^func Fuzz[A-Za-z0-9_]+' "$$file" | cut -c6-); do \
			echo "$$target in $${file%/*}"; \
			log=$$($(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x "$${file%/*}" 2>&1 </dev/null); \
			status=$$?; echo "$$log"; \
			[ $$status = 0 ] || case "$$log" in \
				*"Failing input"* | *panic*) exit 1 ;; *"    context deadline exceeded"*) ;; *) exit 1 ;; \
			esac; \
		done; \
	done

# Every operation and whole training steps on the CPU, in the form that benchstat
# reads, with the share of the processor's peak.
bench:
	$(GO) test -run '^$$' -bench . -benchtime 200ms ./cpu

# The same networks on the same images in PyTorch, NumPy and Keras, interleaved with
# Glyph, and products on NumPy's OpenBLAS. It needs Python with those of them that
# are to be measured. ISA=avx2 restricts all of them to AVX2.
bench-peers: build
	$(GO) build -o bin/products ./bench/products
	$(PYTHON) bench/peers.py --data $(DATA) $(if $(ISA),--isa $(ISA))
	$(PYTHON) bench/peers.py --products bin/products $(if $(ISA),--isa $(ISA))

# The pictures in docs/pictures, and the chart of speed. RUN is a run that was trained well, for the page to draw on;
# RUNS is a directory with runs, one of them cnn, and a sweep, for the page of all runs. It needs Chromium and a
# Japanese font.
pictures:
	GLYPH_PICTURES=$(CURDIR)/docs/pictures GLYPH_RUN=$(abspath $(RUN)) GLYPH_RUNS=$(abspath $(RUNS)) $(GO) test . ./cmd/glyph ./window -count 1 -run 'TestSpeedChart|TestPictures'

# The GPU suite again, through GLFW and a virtual display, and the live window on it.
glfw-test:
	@GO=$(GO) ./setup ci
	GLYPH_CONTEXT=glfw xvfb-run -a $(GO) test -tags glfw -short -timeout 20m ./gpu ./window

# The program without cgo: it needs no library, and trains on the processor.
static:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o dist/glyph ./cmd/glyph

# An image with that program alone, by Podman, Buildah or Docker.
IMAGE   ?= glyph
BUILDER ?= $(firstword $(foreach b,podman buildah docker,$(if $(shell command -v $(b)),$(b))))
image: static
	@test -n "$(BUILDER)" || { echo "there is no podman, buildah or docker here"; exit 1; }
	$(BUILDER) build --file Containerfile --tag $(IMAGE) .

# One folder to copy to a machine with a GPU but neither Go nor a network; its
# run.sh does the rest. The EGL build: it needs no library but libc to start.
gpu-check:
	@GO=$(GO) ./setup build
	rm -rf dist/gpu-check && mkdir -p dist/gpu-check
	CGO_ENABLED=1 $(GO) build -trimpath -ldflags "-s -w" -o dist/gpu-check/glyph ./cmd/glyph
	CGO_ENABLED=1 $(GO) test -tags large -trimpath -ldflags "-s -w" -c -o dist/gpu-check/gpu.test ./gpu
	$(GO) test -trimpath -ldflags "-s -w" -c -o dist/gpu-check/shaders.test ./shaders
	cp bench/gpucheck/run.sh bench/gpucheck/torch_steps.py dist/gpu-check
	@du -sh dist/gpu-check

# The GPU suite, and glyph compare for every preset, on each software OpenGL there is:
# llvmpipe, softpipe, zink over lavapipe, and those of another Mesa in the root
# directory ROOT. bench/stacks/run.sh says more. Then every fault of a driver.
ROOT ?=
gpu-stacks: build
	CGO_ENABLED=1 $(GO) test -c -o bin/gpu.test ./gpu
	bench/stacks/run.sh bin/glyph bin/gpu.test dist/gpu-stacks $(ROOT)
	GLYPH_TEST_FAULTS=all $(GO) test -timeout 60m ./runs/training -run '^TestDriverThatFails$$'

# The programs that a GPU is given, compiled by Mesa's drivers for GPUs that are not
# here, in the root directory ROOT, which bench/isa/mesa/build.sh makes. It fails where one
# spills, is slower than it has to be, or does not compile; bench/isa/limits.go has the
# limits. MODEL=cnn takes those of one preset, ISA="-chips tgl -all" passes options on.
gpu-isa: build
	rm -rf dist/isa
	bin/glyph bench --dump-shaders dist/isa $(if $(MODEL),--model $(MODEL))
	$(GO) run ./bench/isa -root "$(ROOT)" $(ISA) dist/isa

# What a training step costs the processor with those drivers, of which nothing is left
# but the driver's own time: dispatches and microseconds a step.
gpu-submit:
	CGO_ENABLED=1 $(GO) test -c -o bin/gpu.test ./gpu
	bench/isa/submit.sh bin/gpu.test "$(ROOT)" $(CHIPS)

# Compares exported networks with onnxruntime, to 1e-5 on 1,000 images; with
# EXCHANGE="onnx onnxruntime numpy pillow safetensors torch" against PyTorch too,
# which is gigabytes.
EXCHANGE ?= onnx onnxruntime numpy pillow safetensors
KMNIST   ?= ../shared/kmnist-7k
exchange-check: build
	python3 -m venv dist/exchange
	dist/exchange/bin/pip install -q $(EXCHANGE)
	dist/exchange/bin/python bench/exchange/check.py bin/glyph $(KMNIST)
	if dist/exchange/bin/python -c "import torch" 2>/dev/null; then \
		GLYPH_PYTHON=$(CURDIR)/dist/exchange/bin/python $(GO) test ./exchange/pytorch -count=1 -run TestStep; fi

clean:
	rm -rf bin dist
