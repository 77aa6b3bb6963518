"""Training steps of Glyph's presets in PyTorch, and the report of both.

  torch_steps.py measure OUT.json [--device cuda|cpu] [--seconds S] [--model NAME]
  torch_steps.py report GLYPH.json... -- TORCH.json...

The networks, batch sizes and update rule are those of `glyph bench`: plain SGD,
the data set resident on the device as bytes, batches gathered and normalised
there, nothing read back between steps.
"""

import json
import statistics
import sys
import time

NETWORKS = [("mlp", 16), ("mlp", 128), ("cnn", 64), ("cnn", 128), ("kmnist-benchmark", 128), ("vgg", 64), ("resnet", 64)]
IMAGES = 1024


def vgg(nn):
    def pair(inputs, filters):
        layers = []
        for c in (inputs, filters):
            layers += [nn.Conv2d(c, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters), nn.ReLU()]
        return layers

    return nn.Sequential(*pair(1, 24), nn.MaxPool2d(2), *pair(24, 48), nn.MaxPool2d(2), *pair(48, 96),
                         nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(96, 10))


def resnet(nn, depth=20, width=16):
    class Block(nn.Module):
        def __init__(self, inputs, filters, stride):
            super().__init__()
            self.norm1, self.conv1 = nn.BatchNorm2d(inputs), nn.Conv2d(inputs, filters, 3, stride, 1, bias=False)
            self.norm2, self.conv2 = nn.BatchNorm2d(filters), nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
            self.project = nn.Conv2d(inputs, filters, 1, stride, bias=False) if inputs != filters else None
            self.relu = nn.ReLU()

        def forward(self, x):
            z = self.relu(self.norm1(x))
            y = self.conv2(self.relu(self.norm2(self.conv1(z))))
            return y + (self.project(z) if self.project is not None else x)

    layers, inputs = [nn.Conv2d(1, width, 3, 1, 1, bias=False)], width
    for group in range(3):
        for block in range((depth - 2) // 6):
            filters = width << group
            layers.append(Block(inputs, filters, 2 if group > 0 and block == 0 else 1))
            inputs = filters
    return nn.Sequential(*layers, nn.BatchNorm2d(inputs), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 10))


def build(nn, name):
    relu, flat = nn.ReLU, nn.Flatten
    if name in ("vgg", "resnet"):
        return {"vgg": vgg, "resnet": resnet}[name](nn)
    if name == "mlp":
        return nn.Sequential(flat(), nn.Linear(784, 256), relu(), nn.Linear(256, 10))
    if name == "cnn":
        return nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1), relu(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), relu(), nn.MaxPool2d(2),
            nn.Conv2d(64, 64, 3, padding=1), relu(), nn.MaxPool2d(2),
            flat(), nn.Dropout(0.25), nn.Linear(576, 256), relu(), nn.Dropout(0.25), nn.Linear(256, 10))
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), relu(), nn.Conv2d(32, 64, 3), relu(), nn.MaxPool2d(2), nn.Dropout(0.25),
        flat(), nn.Linear(9216, 128), relu(), nn.Dropout(0.5), nn.Linear(128, 10))


def make_step(torch, name, batch, device):
    """A training step that advances by itself, for eager use or a CUDA graph."""
    torch.manual_seed(1)
    images = torch.randint(0, 256, (IMAGES, 1, 28, 28), dtype=torch.uint8, device=device)
    labels = torch.randint(0, 10, (IMAGES,), device=device)
    order = torch.randperm(IMAGES, device=device)
    row = torch.zeros((), dtype=torch.long, device=device)
    within = torch.arange(batch, device=device)
    net = build(torch.nn, name).to(device)
    fused = {"fused": True} if device == "cuda" else {}
    rule = torch.optim.SGD(net.parameters(), lr=0.01, **fused)
    loss_of = torch.nn.CrossEntropyLoss()

    def step():
        index = order[(row + within) % IMAGES]
        x = (images[index].float() - 48.6) * (1 / 88.6)
        rule.zero_grad(set_to_none=True)
        loss_of(net(x), labels[index]).backward()
        rule.step()
        row.add_(batch)

    return step


def graphed(torch, step):
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(5):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay


def measure(torch, step, device, seconds):
    """Seconds a step: the median of five rounds."""
    sync = torch.cuda.synchronize if device == "cuda" else (lambda: None)
    for _ in range(5):
        step()
    sync()
    n = 1
    while True:
        start = time.perf_counter()
        for _ in range(n):
            step()
        sync()
        if time.perf_counter() - start > seconds / 10 or n >= 1 << 16:
            break
        n *= 2
    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(n):
            step()
        sync()
        rounds.append((time.perf_counter() - start) / n)
    return statistics.median(rounds)


def run(out, device, seconds, model):
    import torch

    if device == "cuda" and not torch.cuda.is_available():
        sys.exit("torch finds no CUDA device")
    modes = [("float32", False, False), ("TF32", True, False)]
    if device == "cuda":
        modes += [("float32, CUDA graph", False, True), ("TF32, CUDA graph", True, True)]
    else:
        modes = modes[:1]
    results = {"torch": torch.__version__, "device": torch.cuda.get_device_name() if device == "cuda" else "cpu", "steps": []}
    for name, batch in [n for n in NETWORKS if model in ("", n[0])]:
        for mode, tf32, graph in modes:
            torch.backends.cuda.matmul.allow_tf32 = tf32
            torch.backends.cudnn.allow_tf32 = tf32
            torch.backends.cudnn.benchmark = True
            try:
                step = make_step(torch, name, batch, device)
                if graph:
                    step = graphed(torch, step)
                each = measure(torch, step, device, seconds)
                results["steps"].append({"model": name, "batch": batch, "mode": mode, "seconds": each})
            except Exception as error:  # one mode that fails leaves the others
                print(f"torch: {name}, batch {batch}, {mode}: {error}", file=sys.stderr)
    if not results["steps"]:
        sys.exit("torch could not take any step")
    with open(out, "w") as f:
        json.dump(results, f)


def report(glyph_files, torch_files):
    glyph = [json.load(open(f)) for f in glyph_files]
    torch = [json.load(open(f)) for f in torch_files]
    ours, theirs, modes = {}, {}, []
    for g in glyph:
        for s in g["steps"]:
            ours.setdefault((s["model"], s["batch"]), []).append(s["seconds"])
    for t in torch:
        for s in t["steps"]:
            theirs.setdefault((s["model"], s["batch"], s["mode"]), []).append(s["seconds"])
            if s["mode"] not in modes:
                modes.append(s["mode"])
    print(f"## Training steps, Glyph and PyTorch {torch[0]['torch']} in turn, medians of {len(glyph)} and {len(torch)} rounds\n")
    print("Times are microseconds a step; a ratio over 1 says Glyph is faster.\n")
    print("| network | batch | Glyph | images/s |" + "".join(f" {m} | ratio |" for m in modes))
    print("|---|---|---|---|" + "---|---|" * len(modes))
    for name, batch in NETWORKS:
        if (name, batch) not in ours:
            continue
        mine = statistics.median(ours[name, batch])
        row = f"| {name} | {batch} | {mine * 1e6:.1f} | {batch / mine:,.0f} |"
        for m in modes:
            other = theirs.get((name, batch, m))
            row += f" {statistics.median(other) * 1e6:.1f} | {statistics.median(other) / mine:.2f} |" if other else " - | - |"
        print(row)
    print()


if __name__ == "__main__":
    args = sys.argv[1:]
    if args[:1] == ["measure"]:
        options = dict(zip(args[2::2], args[3::2]))
        run(args[1], options.get("--device", "cuda"), float(options.get("--seconds", "1")), options.get("--model", ""))
    elif args[:1] == ["report"]:
        cut = args.index("--")
        report(args[1:cut], args[cut + 1:])
    else:
        sys.exit(__doc__)
