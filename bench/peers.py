"""Glyph's training speed on the CPU next to PyTorch's, NumPy's, Keras' and JAX's.

  peers.py --data DIR [--glyph bin/glyph] [--rounds 5] [--epochs N] [--networks mlp,cnn]
           [--peers torch,keras] [--isa avx2] [--json FILE]
  peers.py --products bin/products [--rounds 5] [--isa avx2] [--json FILE]

Each network is trained with plain SGD on the images of DIR (the files of KMNIST,
as they are distributed), by Glyph and by those of the others that this Python has,
in turn, in rounds, with the same batch sizes and as many threads as there are
processors. Images per second are those of the training steps alone, with no
evaluation; a round is a process of its own, and its first epoch is not counted.
Every one prints its test accuracy too: they all learn. The ratio is that of the
medians, over 1 where Glyph is faster.

--isa avx2 keeps all of them from AVX-512 on a processor that has it.
--products compares matrix products on the kernels with NumPy's BLAS, OpenBLAS,
on one thread and on two; go build -o bin/products ./bench/products makes it.
"""

import argparse
import gzip
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time

CASES = [("mlp", 16, 0.05), ("mlp", 128, 0.1), ("cnn", 64, 0.05), ("cnn", 128, 0.05), ("kmnist-benchmark", 128, 0.05),
         ("vgg", 64, 0.05), ("resnet", 64, 0.05)]
DEEP = ("vgg", "resnet")
PEERS = {
    "torch": lambda model: True,
    "numpy": lambda model: model == "mlp",
    "keras": lambda model: model != "mlp" and model not in DEEP,
    "jax": lambda model: model not in DEEP,
}
PRODUCTS = [(1024, 1024, 1024), (128, 256, 784), (256, 784, 128), (16, 256, 784), (256, 784, 16), (128, 10, 256)]
THREADS = len(os.sched_getaffinity(0))

# What keeps each of them to an instruction set: Glyph, PyTorch's own kernels, its
# oneDNN and Keras', OpenBLAS, NumPy's own loops, and XLA.
ISA = {
    "avx2": {
        "GLYPH_CPU_KERNELS": "avx2",
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR",
        "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
    },
}


def idx(folder, name):
    """An IDX file, gzipped or not, as a NumPy array of bytes."""
    import numpy

    path = os.path.join(folder, name)
    opened = gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb")
    with opened as f:
        raw = f.read()
    rank = raw[3]
    shape = struct.unpack(f">{rank}I", raw[4 : 4 + 4 * rank])
    return numpy.frombuffer(raw, numpy.uint8, offset=4 + 4 * rank).reshape(shape)


def load(folder):
    names = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]
    x, t, x_test, t_test = (idx(folder, n) for n in names)
    mean, scale = x.mean(), 1 / x.std()
    return x, t, x_test, t_test, mean, scale


def speed(images, epochs, run_epoch):
    """Images a second of all epochs but the first."""
    run_epoch()
    start = time.perf_counter()
    for _ in range(epochs):
        run_epoch()
    return images * epochs / (time.perf_counter() - start)


def run_torch(model, batch, lr, epochs, data):
    import torch
    from gpucheck.torch_steps import build

    torch.manual_seed(1)
    torch.set_num_threads(THREADS)
    x, t, x_test, t_test, mean, scale = data
    x, t = torch.from_numpy(x.copy()).unsqueeze(1), torch.from_numpy(t.astype("int64"))
    net = build(torch.nn, model)
    if model in DEEP:  # the layout in which PyTorch is fastest with these
        net = net.to(memory_format=torch.channels_last)
        x = x.contiguous(memory_format=torch.channels_last)
    rule = torch.optim.SGD(net.parameters(), lr=lr)
    loss_of = torch.nn.CrossEntropyLoss()

    def epoch():
        net.train()
        order = torch.randperm(len(x))
        for at in range(0, len(x), batch):
            rows = order[at : at + batch]
            rule.zero_grad(set_to_none=True)
            loss_of(net((x[rows].float() - mean) * scale), t[rows]).backward()
            rule.step()

    took = speed(len(x), epochs, epoch)
    net.eval()
    with torch.no_grad():
        parts = [net((torch.from_numpy(p.copy()).unsqueeze(1).float() - mean) * scale).argmax(1) for p in (x_test[i : i + 1000] for i in range(0, len(x_test), 1000))]
    return took, (torch.cat(parts).numpy() == t_test).mean()


def run_numpy(model, batch, lr, epochs, data):
    import numpy as np

    x, t, x_test, t_test, mean, scale = data
    random = np.random.default_rng(1)
    glorot = lambda i, o: random.uniform(-1, 1, (i, o)).astype("f4") * np.float32((6 / (i + o)) ** 0.5)
    w1, b1, w2, b2 = glorot(784, 256), np.zeros(256, "f4"), glorot(256, 10), np.zeros(10, "f4")
    flat, eye, lr = x.reshape(len(x), 784), np.eye(10, dtype="f4"), np.float32(lr)
    mean, scale = np.float32(mean), np.float32(scale)

    def epoch():
        nonlocal w1, b1, w2, b2
        order = random.permutation(len(flat))
        for at in range(0, len(flat), batch):
            rows = order[at : at + batch]
            v = (flat[rows] - mean) * scale
            h = np.maximum(v @ w1 + b1, 0)
            z = h @ w2 + b2
            p = np.exp(z - z.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
            d = (p - eye[t[rows]]) / np.float32(len(rows))
            dh = (d @ w2.T) * (h > 0)
            w2 -= lr * (h.T @ d)
            b2 -= lr * d.sum(0)
            w1 -= lr * (v.T @ dh)
            b1 -= lr * dh.sum(0)

    took = speed(len(flat), epochs, epoch)
    v = (x_test.reshape(-1, 784) - mean) * scale
    return took, ((np.maximum(v @ w1 + b1, 0) @ w2 + b2).argmax(1) == t_test).mean()


def run_keras(model, batch, lr, epochs, data):
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import keras
    import tensorflow
    from keras import layers

    keras.utils.set_random_seed(1)
    tensorflow.config.threading.set_intra_op_parallelism_threads(THREADS)
    x, t, x_test, t_test, mean, scale = data
    relu = lambda k, pad: layers.Conv2D(k, 3, padding=pad, activation="relu")
    dense = lambda n: layers.Dense(n, activation="relu")
    if model == "cnn":
        body = [relu(32, "same"), layers.MaxPool2D(), relu(64, "same"), layers.MaxPool2D(), relu(64, "same"),
                layers.MaxPool2D(), layers.Flatten(), layers.Dropout(0.25), dense(256), layers.Dropout(0.25)]
    else:
        body = [relu(32, "valid"), relu(64, "valid"), layers.MaxPool2D(), layers.Dropout(0.25), layers.Flatten(),
                dense(128), layers.Dropout(0.5)]
    net = keras.Sequential([layers.Input((28, 28, 1)), *body, layers.Dense(10)])
    net.compile(keras.optimizers.SGD(lr), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    images = ((x.astype("f4") - mean) * scale)[..., None].astype("f4")  # Keras takes floats: not part of its time
    test = ((x_test.astype("f4") - mean) * scale)[..., None].astype("f4")
    took = speed(len(x), epochs, lambda: net.fit(images, t, batch, epochs=1, verbose=0))
    return took, net.evaluate(test, t_test, 1000, verbose=0)[1]


def run_jax(model, batch, lr, epochs, data):
    import jax
    import jax.numpy as jnp
    from jax import lax, random

    x, t, x_test, t_test, mean, scale = data
    pad = "SAME" if model == "cnn" else "VALID"
    convs = {"mlp": [], "cnn": [(1, 32), (32, 64), (64, 64)], "kmnist-benchmark": [(1, 32), (32, 64)]}[model]
    dense = {"mlp": [784, 256, 10], "cnn": [576, 256, 10], "kmnist-benchmark": [9216, 128, 10]}[model]
    drops = {"mlp": [0, 0], "cnn": [0.25, 0.25], "kmnist-benchmark": [0.25, 0.5]}[model]
    keys = iter(random.split(random.key(1), 10))
    glorot = lambda shape, i, o: random.uniform(next(keys), shape, jnp.float32, -1, 1) * (6 / (i + o)) ** 0.5
    params = [(glorot((3, 3, i, o), 9 * i, 9 * o), jnp.zeros(o)) for i, o in convs]
    params += [(glorot((i, o), i, o), jnp.zeros(o)) for i, o in zip(dense, dense[1:])]

    def pool(h):
        return lax.reduce_window(h, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")

    def forward(params, images, key):
        h = (images.astype(jnp.float32) - mean) * scale
        for i, (w, b) in enumerate(params[: len(convs)]):
            h = jax.nn.relu(lax.conv_general_dilated(h, w, (1, 1), pad, dimension_numbers=("NHWC", "HWIO", "NHWC")) + b)
            if model == "cnn" or i == 1:
                h = pool(h)
        h = h.reshape(len(h), -1)
        for i, (w, b) in enumerate(params[len(convs) :]):
            if key is not None and drops[i]:
                key, k = random.split(key)
                h = jnp.where(random.bernoulli(k, 1 - drops[i], h.shape), h / (1 - drops[i]), 0)
            h = h @ w + b if i == 1 else jax.nn.relu(h @ w + b)
        return h

    def loss(params, images, labels, key):
        z = forward(params, images, key)
        return (jax.nn.logsumexp(z, axis=1) - jnp.take_along_axis(z, labels[:, None], 1)[:, 0]).mean()

    @jax.jit
    def step(params, images, labels, rows, key):
        grads = jax.grad(loss)(params, images[rows], labels[rows], key)
        return jax.tree.map(lambda p, g: p - lr * g, params, grads)

    images, labels = jnp.asarray(x[..., None]), jnp.asarray(t.astype("i4"))

    def epoch():
        nonlocal params
        k = next(keys)
        order, ks = random.permutation(k, len(x)), random.split(k, len(x) // batch + 1)
        for i, at in enumerate(range(0, len(x), batch)):
            params = step(params, images, labels, order[at : at + batch], ks[i])
        jax.block_until_ready(params)

    keys = iter(random.split(random.key(2), epochs + 2))
    took = speed(len(x), epochs, epoch)
    predict = jax.jit(lambda p, images: forward(p, images, None).argmax(1))
    right = sum(int((predict(params, jnp.asarray(x_test[i : i + 1000, ..., None])) == t_test[i : i + 1000]).sum()) for i in range(0, len(x_test), 1000))
    return took, right / len(x_test)


def openblas(m, n, k):
    """GFLOP/s of NumPy's product: the best of many, and the median."""
    import numpy as np

    a, b = (((np.arange(r * c) % 13 - 6).astype("f4") + np.float32(0.5)).reshape(r, c) for r, c in ((m, k), (k, n)))
    out, flops = np.empty((m, n), "f4"), 2.0 * m * n * k
    calls, speeds = 1 + int(2e8 / flops), []
    for _ in range(60):
        start = time.perf_counter()
        for _ in range(calls):
            np.matmul(a, b, out=out)
        speeds.append(flops * calls / (time.perf_counter() - start) / 1e9)
    return max(speeds), statistics.median(speeds)


def products(a):
    """Products on the kernels and on OpenBLAS in turn, in rounds."""
    results = []
    print("| m×n×k | threads | Glyph | OpenBLAS | Glyph is faster by | Glyph's share of the peak | OpenBLAS's |\n|---|---|---|---|---|---|---|")
    for threads in (1, 2):
        for shape in PRODUCTS:
            ours, theirs, peak = [], [], 0
            for _ in range(a.rounds):
                r = json.loads(subprocess.run([a.products, str(threads), *map(str, shape)], capture_output=True, text=True, check=True).stdout)
                ours.append(r["median"])
                peak = max(peak, r["peak"])
                env = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads)}
                r = subprocess.run([sys.executable, __file__, "--product", *map(str, shape)], capture_output=True, text=True, check=True, env=env)
                theirs.append(json.loads(r.stdout)[1])
            us, them = statistics.median(ours), statistics.median(theirs)
            print(f"| {'×'.join(map(str, shape))} | {threads} | {us:.1f} | {them:.1f} | {us / them:.2f} | {100 * us / peak:.0f} % | {100 * them / peak:.0f} % |", flush=True)
            results.append({"shape": shape, "threads": threads, "glyph": ours, "openblas": theirs, "peak": peak})
    return results


def run_glyph(binary, folder, model, batch, lr, epochs):
    with tempfile.TemporaryDirectory() as out:
        flags = ["--data", folder, "--backend", "cpu", "--model", model, "--batch", batch, "--lr", lr, "--epochs", epochs + 1, "--validation", 0]
        r = subprocess.run([binary, "train", *map(str, flags), "--out", os.path.join(out, "run"), "--json"], capture_output=True, text=True)
    if r.returncode:
        sys.exit(r.stderr)
    s = json.loads(r.stdout.splitlines()[-1])
    history = [e["images_per_second"] for e in s["history"][1:]]
    return statistics.harmonic_mean(history), s["test_accuracy"], f"{s['device']}, {s.get('kernels', '')}"


def available(peer):
    name = "tensorflow" if peer == "keras" else peer
    r = subprocess.run([sys.executable, "-c", f"import {name}; print({name}.__version__)"], capture_output=True, text=True)
    if r.returncode:
        return None
    version = r.stdout.split()[-1]
    return f"on TensorFlow {version}" if peer == "keras" else version


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data")
    p.add_argument("--isa", choices=ISA, help="the instruction set that all are kept to")
    p.add_argument("--products", help="the program that measures products")
    p.add_argument("--product", nargs=3, type=int, help=argparse.SUPPRESS)
    p.add_argument("--glyph", default="bin/glyph")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--epochs", type=int, default=0, help="epochs counted; 0 chooses by the network")
    p.add_argument("--networks", help="only these, with commas between them")
    p.add_argument("--peers", help="only these, with commas between them")
    p.add_argument("--json")
    p.add_argument("--child", nargs=5, help=argparse.SUPPRESS)
    a = p.parse_args()
    os.environ.update(ISA.get(a.isa, {}))
    if a.product:
        print(json.dumps(openblas(*a.product)))
        return
    if a.products:
        results = products(a)
        if a.json:
            with open(a.json, "w") as f:
                json.dump(results, f, indent=1)
        return
    if not a.data:
        p.error("--data or --products is needed")
    if a.child:
        peer, model, batch, lr, epochs = a.child
        run = {"torch": run_torch, "numpy": run_numpy, "keras": run_keras, "jax": run_jax}[peer]
        rate, accuracy = run(model, int(batch), float(lr), int(epochs), load(a.data))
        print(json.dumps([float(rate), float(accuracy)]))
        return

    wanted = a.peers.split(",") if a.peers else PEERS
    versions = {peer: available(peer) if peer in wanted else None for peer in PEERS}
    print(", ".join(f"{peer} {v}" if v else f"no {peer}" for peer, v in versions.items()), f"; {THREADS} threads", flush=True)
    results = []
    for model, batch, lr in CASES:
        if a.networks and model not in a.networks.split(","):
            continue
        epochs = a.epochs or (10 if model == "mlp" else 2)
        peers = [peer for peer in PEERS if versions[peer] and PEERS[peer](model)]
        rates = {who: [] for who in ["glyph", *peers]}
        accuracy = {}
        for _ in range(a.rounds):
            rate, accuracy["glyph"], device = run_glyph(a.glyph, a.data, model, batch, lr, epochs)
            rates["glyph"].append(rate)
            for peer in peers:
                r = subprocess.run([sys.executable, __file__, "--data", a.data, "--child", peer, model, str(batch), str(lr), str(epochs)],
                                   capture_output=True, text=True)
                if r.returncode:
                    sys.exit(r.stderr)
                rate, accuracy[peer] = json.loads(r.stdout.splitlines()[-1])
                rates[peer].append(rate)
        if not results:
            print(device)
            print("\n| network | batch | | images/s | least to most | test accuracy | Glyph is faster by |\n|---|---|---|---|---|---|---|")
        ours = statistics.median(rates["glyph"])
        for who, r in rates.items():
            ratio = "" if who == "glyph" else f"{ours / statistics.median(r):.2f}"
            print(f"| {model} | {batch} | {who} | {statistics.median(r):,.0f} | {min(r):,.0f} to {max(r):,.0f} | {accuracy[who]:.3f} | {ratio} |", flush=True)
        results.append({"model": model, "batch": batch, "lr": lr, "epochs": epochs, "rates": rates, "accuracy": accuracy})
    if a.json:
        with open(a.json, "w") as f:
            json.dump({"versions": versions, "threads": THREADS, "device": device, "results": results}, f, indent=1)


if __name__ == "__main__":
    main()
