#!/usr/bin/env python3
"""Takes one training step of a network in PyTorch, in float64.

  step.py DIR   DIR has net.py, which builds and loads the network, and step.json

The test TestStep of exchange/pytorch calls it with GLYPH_PYTHON set to a Python that
has torch and safetensors, and compares what it prints with a step of its own.
"""
import json, os, sys

import numpy as np
import torch

space = {}
exec(open(os.path.join(sys.argv[1], "net.py")).read(), space)
step = json.load(open(os.path.join(sys.argv[1], "step.json")))
net = space["net"].double().train()
for m in net.modules():
    if isinstance(m, torch.nn.BatchNorm2d):  # the constants as float32 has them
        m.eps, m.momentum = float(np.float32(m.eps)), float(np.float32(m.momentum))
x = torch.tensor(step["x"], dtype=torch.float32).double().reshape(step["shape"]).permute(0, 3, 1, 2)
loss = torch.nn.functional.cross_entropy(net(x), torch.tensor(step["labels"]))
loss.backward()
result = {"loss": [loss.item()]}
for name, p in net.named_parameters():
    g = p.grad.permute(0, 2, 3, 1) if p.grad.dim() == 4 else p.grad  # channels last, as in Glyph
    result[name] = g.flatten().tolist()
for name, v in net.named_buffers():
    if not name.endswith("num_batches_tracked"):
        result[name] = v.tolist()
json.dump(result, sys.stdout)
