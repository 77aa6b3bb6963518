#!/usr/bin/env python3
"""Compares what glyph exports and imports with other software.

  check.py GLYPH DATA   GLYPH is the program, DATA a directory with KMNIST's files

For every model, and for activations and normalisations besides, it trains a
little, exports, and compares the probabilities of 1,000 test images in
onnxruntime with those of glyph predict, to 1e-5, and imports what it exported,
to the bit. Where PyTorch is installed it runs the program that glyph export
--pytorch prints, to the same bound, trains a network in PyTorch that glyph import
takes, and imports one in half and double precision, with names that do not tell
the order, and from a checkpoint of torch.save by the program that the error
prints. Networks with batch normalisation take one training step in both from the
same weights.

Needs: pip install onnx onnxruntime numpy pillow safetensors; and torch.
"""
import copy, gzip, json, os, shutil, subprocess, sys, tempfile

import numpy as np
import onnx
import onnxruntime
from PIL import Image
from safetensors.numpy import load_file

IMAGES, BOUND = 1000, 1e-5
RUNS = [
    ["--model", "linear"],
    ["--model", "linear", "--normalise", "pixel"],
    ["--model", "mlp"],
    ["--model", "mlp", "--hidden", "64,32", "--activation", "sigmoid", "--dropout", "0.2"],
    ["--model", "cnn"],
    ["--model", "cnn", "--filters", "8,16", "--units", "40,30", "--activation", "leaky-relu:0.2", "--normalise", "pixel"],
    ["--model", "cnn", "--filters", "8", "--units", "20", "--activation", "tanh"],
    ["--model", "kmnist-benchmark"],
    ["--model", "vgg", "--filters", "8,12", "--normalise", "pixel"],
    ["--model", "vgg", "--filters", "8", "--norm", "none", "--activation", "tanh"],
    ["--model", "resnet", "--depth", "8", "--width", "8"],
    ["--model", "resnet", "--depth", "14", "--width", "4", "--shortcut", "none", "--activation", "leaky-relu:0.2"],
]
STEPS = [
    ["--model", "vgg", "--filters", "8,12", "--dropout", "0"],
    ["--model", "resnet", "--depth", "8", "--width", "8"],
]
BATCH, LR, REPLICAS = 64, 0.5, 8


def idx(path, offset):
    return np.frombuffer(gzip.open(path).read(), np.uint8, offset=offset)


def glyph(*args):
    r = subprocess.run([GLYPH, *args], capture_output=True, text=True)
    if r.returncode:
        sys.exit(f"glyph {' '.join(args)}: {r.stderr}")
    return r.stdout


def refused(*args):
    """What glyph says on the standard error as it fails."""
    r = subprocess.run([GLYPH, *args], capture_output=True, text=True)
    if r.returncode != 1:
        sys.exit(f"glyph {' '.join(args)} does not fail: {r.stdout}{r.stderr}")
    return r.stderr


def predict(run, files):
    rows = [json.loads(line) for line in glyph("predict", run, "--json", *files).splitlines()]
    return np.array([r["probabilities"] for r in rows])


worst = {"onnxruntime": 0.0, "PyTorch": 0.0}


def compare(software, name, got, want):
    d = float(np.abs(got - want).max())
    worst[software] = max(worst[software], d)
    print(f"{software:12s} {name:76s} largest difference {d:.2g}", flush=True)
    if not d <= BOUND:
        sys.exit(f"{name}: probabilities differ by {d}, more than {BOUND}")


def check_onnx(path, name, pixels, want):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    image = pixels.astype(np.float32).reshape(-1, 1, 28, 28)
    logits, p = session.run(["logits", "probabilities"], {"image": image})
    compare("onnxruntime", name, p, want)
    one = session.run(["probabilities"], {"image": image[:1]})[0]  # another batch size
    compare("onnxruntime", name + ", one image", one, want[:1])
    assert (logits.argmax(1) == want.argmax(1)).mean() > 0.999


def check_back(work, run, exported, name):
    back = run + "-back"
    glyph("import", exported, "--out", back)
    was, now = (load_file(os.path.join(r, "last.safetensors")) for r in (run, back))
    assert was.keys() == now.keys(), name
    for key in was:
        if was[key].tobytes() != now[key].tobytes():
            sys.exit(f"{name}: {key} changes on its way to PyTorch's layout and back")


def check_torch(program, name, pixels, want):
    space = {}
    exec(program, space)
    x = torch.from_numpy(pixels.astype(np.float32).reshape(-1, 1, 28, 28))
    compare("PyTorch", name, torch.softmax(space["logits"](x), 1).numpy(), want)


def step_torch(net, x, t, noise=0.0, seed=0):
    """The state_dict after a step of SGD in training mode, in float64. With noise,
    every output of a layer and its gradient is off by up to that fraction of itself,
    and each channel by up to that fraction of its mean magnitude, since the rounding
    errors of equal numbers do not average out."""
    net = copy.deepcopy(net).double().train()
    torch.manual_seed(seed)

    def shake(v):
        rest = [d for d in range(v.dim()) if d != 1]
        size = v.abs().mean(rest, keepdim=True)
        return v + noise * ((2 * torch.rand_like(v) - 1) * v.abs() + (2 * torch.rand_like(size) - 1) * size)

    def hook(module, inputs, output):
        output = shake(output)
        output.register_hook(shake)
        return output

    for m in net.modules():
        if isinstance(m, torch.nn.BatchNorm2d):  # the constants as float32 has them
            m.eps, m.momentum = float(np.float32(m.eps)), float(np.float32(m.momentum))
        if noise and not list(m.children()):
            m.register_forward_hook(hook)
    torch.nn.functional.cross_entropy(net(x.double()), t).backward()
    with torch.no_grad():
        for p in net.parameters():
            p -= LR * p.grad
    return {k: v.numpy() for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")}


def check_step(work, data, settings, train, labels):
    """A training step from the same weights in Glyph, in float32, and in PyTorch, in
    float64. An operation of Glyph's is off by up to 8·2⁻²⁴ of the magnitudes that it
    sums (see package backendtest). The effect of such errors on the result, including
    the kinks of ReLU and pooling, is measured by adding noise of that size to each
    layer in PyTorch: the bound of a tensor is 4 times the largest error, in the norm,
    among several replicas, plus the rounding of the weights themselves."""
    start, end, name = os.path.join(work, "step"), os.path.join(work, "stepped"), " ".join(settings)
    common = ["--data", data, "--optimizer", "sgd", "--epochs", "1", "--validation", "0", "--backend", "cpu"]
    glyph("train", *common, "--limit", "1000", "--lr", "0.01", "--out", start, *settings)
    space = {}
    exec(glyph("export", start, "--pytorch", start + ".safetensors"), space)
    glyph("train", *common, "--weights", start, "--limit", str(BATCH), "--batch", str(BATCH), "--lr", str(LR), "--out", end)
    glyph("export", end, "--pytorch", end + ".safetensors")
    got, was = load_file(end + ".safetensors"), load_file(start + ".safetensors")
    x = (torch.from_numpy(train[:BATCH].astype(np.float32).reshape(-1, 1, 28, 28)) - space["mean"]) * space["scale"]
    t = torch.from_numpy(labels[:BATCH].astype(np.int64))
    want = step_torch(space["net"], x, t)
    replicas = [step_torch(space["net"], x, t, noise=2.0**-21, seed=i) for i in range(REPLICAS)]
    assert want.keys() == got.keys(), name
    used, share = 0.0, 0.0
    for key, w in want.items():
        error, change = np.linalg.norm(got[key] - w), np.linalg.norm(w - was[key])
        bound = 4 * max(np.linalg.norm(r[key] - w) for r in replicas) + 2.0**-23 * np.linalg.norm(np.abs(w) + np.abs(was[key]))
        if not error <= bound or not change > 100 * bound:
            sys.exit(f"{name}: after a step {key} is {error:.2g} off PyTorch's, in the norm; the bound is {bound:.2g}, and the step {change:.2g}")
        used, share = max(used, error / bound), max(share, error / change)
    print(f"{'PyTorch':12s} {'one step of ' + name:76s} largest share of the bound {used:.2g}, of the step {share:.2g}", flush=True)
    shutil.rmtree(start), shutil.rmtree(end)


def train_torch(work, data, train, labels, pixels, files):
    """A network trained in PyTorch, saved as safetensors and imported."""
    from safetensors.torch import save_file
    from torch import nn

    torch.manual_seed(1)
    net = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(),
                        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))

    def prepare(v):
        return (torch.from_numpy(v.astype(np.float32).reshape(-1, 1, 28, 28)) / 255 - 0.1904) / 0.3475

    x, t = prepare(train), torch.from_numpy(labels.astype(np.int64))
    step = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
    for epoch in range(2):
        for part in torch.randperm(len(x)).split(64):
            step.zero_grad()
            nn.functional.cross_entropy(net(x[part]), t[part]).backward()
            step.step()
    file, run = os.path.join(work, "torch.safetensors"), os.path.join(work, "from-torch")
    save_file(net.state_dict(), file)
    glyph("import", file, "--model", "cnn", "--filters", "8,16", "--units", "32", "--mean", "0.1904", "--std", "0.3475",
          "--data", data, "--out", run)
    net.eval()
    with torch.no_grad():
        want = torch.softmax(net(prepare(pixels)), 1).numpy()
    compare("PyTorch", "a CNN trained in PyTorch and imported", predict(run, files), want)
    print(f"{'':12s} glyph eval says: {[l for l in glyph('eval', run, '--backend', 'cpu').splitlines() if l.startswith('test')][0]}")


def import_torch(work, data, pixels, files):
    """Types, orders and pickles of a network that PyTorch initialised."""
    from safetensors.torch import save_file
    from torch import nn

    torch.manual_seed(2)
    names = ["layer_one", "layer_two", "layer_three", "out"]
    layers = [nn.Linear(784, 64), nn.Linear(64, 64), nn.Linear(64, 64), nn.Linear(64, 10)]
    state = {f"{n}.{k}": v for n, l in zip(names, layers) for k, v in l.state_dict().items()}
    net = nn.Sequential(*[m for l in layers for m in (l, nn.ReLU())][:-1])
    x = torch.from_numpy(pixels.astype(np.float32) / 255)
    flags = ["--model", "mlp", "--hidden", "64,64,64", "--data", data]
    order = ["--order", ",".join(names)]

    def check(name, file, state, *more):
        run = os.path.join(work, "import-" + name.replace(" ", "-"))
        glyph("import", file, "--out", run, *flags, *more)
        net.load_state_dict({f"{2 * names.index(k.split('.')[0])}.{k.split('.')[1]}": v.float() for k, v in state.items()})
        with torch.no_grad():
            compare("PyTorch", "an MLP imported: " + name, predict(run, files), torch.softmax(net(x), 1).numpy())

    file = os.path.join(work, "words.safetensors")
    save_file(state, file)
    text = refused("import", file, "--out", os.path.join(work, "none"), *flags)
    assert "the order of layer_three and layer_two is unclear" in text and "dense_3  64×64   layer_three or layer_two" in text, text
    check("words in order", file, state, *order)
    for kind in (torch.float16, torch.bfloat16, torch.float64):
        half = {k: v.to(kind) for k, v in state.items()}
        save_file(half, file)
        check(str(kind), file, half, *order)
    numbered = os.path.join(work, "numbered.safetensors")
    save_file({f"fc{names.index(k.split('.')[0]) + 9}.{k.split('.')[1]}": v for k, v in state.items()}, numbered)
    check("fc9 to fc12", numbered, state)
    for name, content in (("state", state), ("checkpoint", {"epoch": 3, "state_dict": state, "loss": 0.5})):
        pickle = os.path.join(work, name + ".pt")
        torch.save(content, pickle)
        exec(refused("import", pickle, "--out", os.path.join(work, "none"), *flags).split("\n\n", 1)[1], {})
        check("torch.save of a " + name, os.path.join(work, name + ".safetensors"), state, *order)
    old = os.path.join(work, "old.pt")
    torch.save(state, old, _use_new_zipfile_serialization=False)
    assert "written by torch.save" in refused("import", old, "--out", os.path.join(work, "none"), *flags)


if len(sys.argv) != 3:
    sys.exit(__doc__)
GLYPH, data = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
try:
    import torch
except ImportError as e:
    torch = None
    print(f"PyTorch is not compared: {e}")
pixels = idx(os.path.join(data, "t10k-images-idx3-ubyte.gz"), 16).reshape(-1, 784)[:IMAGES]
with tempfile.TemporaryDirectory() as work:
    files = []
    for i, p in enumerate(pixels):
        files.append(os.path.join(work, f"{i}.png"))
        Image.fromarray(p.reshape(28, 28)).save(files[-1])
    for i, settings in enumerate(RUNS):
        run, name = os.path.join(work, f"run{i}"), " ".join(settings)
        glyph("train", "--data", data, "--limit", "1000", "--epochs", "1", "--lr", "0.01", "--optimizer", "momentum", "--validation", "0",
              "--backend", "cpu", "--out", run, *settings)
        file = os.path.join(work, f"{i}.onnx")
        program = glyph("export", run, "--onnx", file, "--pytorch", file + ".safetensors")
        want = predict(run, files)
        check_onnx(file, name, pixels, want)
        check_back(work, run, file + ".safetensors", name)
        if torch:
            check_torch(program, name, pixels, want)
    if torch:
        train = idx(os.path.join(data, "train-images-idx3-ubyte.gz"), 16).reshape(-1, 784)
        labels = idx(os.path.join(data, "train-labels-idx1-ubyte.gz"), 8)
        for settings in STEPS:
            check_step(work, data, settings, train, labels)
        train_torch(work, data, train, labels, pixels, files)
        import_torch(work, data, pixels, files)
print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}" + (f", torch {torch.__version__}" if torch else "") +
      f"; largest differences on {IMAGES} images: " + ", ".join(f"{k} {v:.2g}" for k, v in worst.items() if v))
