"""Runs a network in PyTorch, on the processor, for `deno task bench peers`.

usage: torch_peer.py <folder>

The folder holds graph.json and weights.bin (export_graph.ts). Each line on standard input is a
request, {"job": ..., ...}; its answer is a line of JSON: {"ms": ..., "values": [...]} or
{"error": ...}. The first line that is written says what is running.
"""
import json
import math
import os
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F


class RuleRelu(torch.autograd.Function):
    """A rectifier that passes gradients on as the rules of Captum's hooks do."""

    rule = "plain"

    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward(x)
        ctx.bounds = (low, high)
        return x.clamp(low, high)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        low, high = ctx.bounds
        positive = grad.clamp(min=0)
        if RuleRelu.rule == "deconvnet":
            return positive, None, None
        passes = (x > low) & (x < high)
        return torch.where(passes, positive, torch.zeros_like(grad)), None, None


def rectified(x, low=0.0, high=math.inf):
    if RuleRelu.rule != "plain":
        return RuleRelu.apply(x, low, high)
    return F.relu(x) if high == math.inf else F.hardtanh(x, low, high)


def padded(x, pads, value=0.0):
    """For pads that differ from side to side; else the operator's own padding, which is faster."""
    top, left, bottom, right = pads
    if top == bottom and left == right:
        return x, (top, left)
    return F.pad(x, (left, right, top, bottom), value=value), (0, 0)


def conv(at, x, w, b=None):
    x, padding = padded(x, at.get("pads", [0, 0, 0, 0]))
    return F.conv2d(x, w, b, at.get("strides", 1), padding, at.get("dilations", 1), at.get("group", 1))


def max_pool(at, x):
    x, padding = padded(x, at.get("pads", [0, 0, 0, 0]), float("-inf"))
    ceil = bool(at.get("ceil_mode", 0))
    return F.max_pool2d(x, at["kernel_shape"], at.get("strides", 1), padding, ceil_mode=ceil)


def gemm(at, a, b, c=None):
    if not at.get("transB", 0):
        b = b.t()
    return F.linear(a.t() if at.get("transA", 0) else a, b, c)


def lrn(at, x):
    return F.local_response_norm(x, at["size"], at["alpha"], at["beta"], at["bias"])


OPERATORS = {
    "Add": lambda at, a, b: a + b,
    "AveragePool": lambda at, x: F.avg_pool2d(
        x, at["kernel_shape"], at.get("strides", 1), at.get("pads", [0, 0])[:2],
        bool(at.get("ceil_mode", 0)), bool(at.get("count_include_pad", 0)),
    ),
    "BatchNormalization": lambda at, x, scale, bias, mean, var: F.batch_norm(
        x, mean, var, scale, bias, eps=at.get("epsilon", 1e-5)
    ),
    "Clip": lambda at, x, low, high: rectified(x, float(low), float(high)),
    "Concat": lambda at, *parts: torch.cat(parts, at["axis"]),
    "Conv": conv,
    "Dropout": lambda at, x, *_: x,
    "Flatten": lambda at, x: x.flatten(at.get("axis", 1)),
    "Gemm": gemm,
    "GlobalAveragePool": lambda at, x: F.adaptive_avg_pool2d(x, 1),
    "Identity": lambda at, x: x,
    "LRN": lrn,
    "MaxPool": max_pool,
    "Relu": lambda at, x: rectified(x),
    "Reshape": lambda at, x, shape: x.reshape([x.shape[0], *[int(n) for n in shape][1:]]),
    "Softmax": lambda at, x: F.softmax(x, at.get("axis", -1)),
}


class Network:
    def __init__(self, folder):
        with open(os.path.join(folder, "graph.json")) as file:
            graph = json.load(file)
        flat = np.fromfile(os.path.join(folder, "weights.bin"), dtype=np.float32)
        self.weights = {
            name: torch.from_numpy(flat[at : at + int(np.prod(dims))].reshape(dims).copy())
            for name, (at, dims) in graph["weights"].items()
        }
        self.nodes = graph["nodes"]
        unknown = {node["op"] for node in self.nodes} - OPERATORS.keys()
        if unknown:
            raise ValueError(f"no operator {', '.join(sorted(unknown))}")
        self.input, self.output, dims = graph["input"], graph["output"], graph["dims"]
        values = np.fromfile(os.path.join(folder, "input.bin"), dtype=np.float32)
        self.image = torch.from_numpy(values.reshape(dims))

    def __call__(self, x):
        held = {**self.weights, self.input: x}
        for node in self.nodes:
            inputs = [held[name] if name else None for name in node["inputs"]]
            held[node["outputs"][0]] = OPERATORS[node["op"]](node["attributes"], *inputs)
        return held[self.output].flatten(1)


def forward(network, request):
    with torch.no_grad():
        return network(network.image)[0]


def gradient(network, request):
    RuleRelu.rule = request["rule"]
    x = network.image.clone().requires_grad_()
    network(x)[0, request["channel"]].backward()
    RuleRelu.rule = "plain"
    return x.grad.flatten()


def occlusion(network, request):
    """The drop of a logit for each position of a window that is set to zero."""
    window, stride, channel = request["window"], request["stride"], request["channel"]
    if occlusion_of is not None:
        with torch.no_grad():
            found = occlusion_of(network).attribute(
                network.image, target=channel, baselines=0, strides=(network.image.shape[1], stride, stride),
                sliding_window_shapes=(network.image.shape[1], window, window),
                perturbations_per_eval=request["batch"],
            )
        return found.flatten()
    height, width = network.image.shape[2:]
    places = [
        (y, x)
        for y in range(0, height - window + 1, stride)
        for x in range(0, width - window + 1, stride)
    ]
    drops = []
    with torch.no_grad():
        whole = network(network.image)[0, channel]
        for start in range(0, len(places), request["batch"]):
            part = places[start : start + request["batch"]]
            batch = network.image.repeat(len(part), 1, 1, 1)
            for i, (y, x) in enumerate(part):
                batch[i, :, y : y + window, x : x + window] = 0
            drops.append(whole - network(batch)[:, channel])
    return torch.cat(drops)


JOBS = {"forward": forward, "gradient": gradient, "occlusion": occlusion}

occlusion_of = None


def main():
    global occlusion_of
    captum = os.environ.get("CAPTUM")
    if captum:
        sys.path.insert(0, captum)
        from captum.attr import Occlusion

        occlusion_of = Occlusion
    said = sys.stdout
    # What libraries print is no answer.
    sys.stdout = sys.stderr
    network = Network(sys.argv[1])
    name = f"PyTorch {torch.__version__}" + (" with Captum" if captum else "")
    print(json.dumps({"name": name}), file=said, flush=True)
    for line in sys.stdin:
        try:
            request = json.loads(line)
            torch.set_num_threads(request.get("threads", 1))
            began = time.perf_counter()
            values = JOBS[request["job"]](network, request)
            answer = {"ms": (time.perf_counter() - began) * 1000, "values": values.tolist()}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=said, flush=True)


if __name__ == "__main__":
    main()
