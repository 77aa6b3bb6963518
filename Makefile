# The two commands of the README are make train and make test. Each sets up
# what it needs first and says what it does.

GO       ?= go
DATA     ?= auto
TRAIN    ?= --model cnn --batch 64 --lr 0.02 --optimizer momentum --schedule one-cycle --epochs 3 --limit 15000
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: train test build check race setup clean

train: build
	bin/glyph train --data $(DATA) $(TRAIN) --out runs/train

test: setup
	$(GO) test -timeout 20m ./...

build: setup
	$(GO) build -o bin/glyph ./cmd/glyph

# What CI adds to the tests.
check: setup
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "gofmt would change: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	CGO_ENABLED=0 $(GO) build ./...

race: setup
	$(GO) test -race -short -timeout 20m ./...

setup:
	@./setup

clean:
	rm -rf bin dist
