"""Writes tests/goldens/glyphnet/ and tests/goldens/resize.json: what PyTorch and Pillow make of
the project's own network and of a few pixels. tests/goldens/README.md says what each file is.

    apt-get install python3-torch python3-pil    # PyTorch 1.13, Pillow 9.4, NumPy 1.24
    python3 scripts/goldens/make.py

Everything is computed in float64 and stored as float32.
"""

import base64
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "tests" / "goldens"
SIDE, WINDOW, STRIDE, STEPS = 96, 24, 12, 32


def varint(message, at):
    """The integer at a place of a protobuf message, and where it ends."""
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def unpacked(message):
    """The integers of a packed field."""
    values, at = [], 0
    while at < len(message):
        value, at = varint(message, at)
        values.append(value)
    return values


def fields(message):
    """The fields of a protobuf message: number and value, an integer or bytes."""
    at = 0
    while at < len(message):
        key, at = varint(message, at)
        value, size = None, {1: 8, 5: 4}.get(key & 7)
        if key & 7 == 0:
            value, at = varint(message, at)
        else:
            if size is None:
                size, at = varint(message, at)
            value = message[at:at + size]
            at += size
        yield key >> 3, value


def weights(path):
    """The initializers of an ONNX file, by name; all are float32 with raw data."""
    (graph,) = [value for number, value in fields(path.read_bytes()) if number == 7]
    found = {}
    for number, tensor in fields(graph):
        if number != 5:
            continue
        dims, name, raw = [], None, None
        for field, value in fields(tensor):
            if field == 1:
                dims += [value] if isinstance(value, int) else unpacked(value)
            if field == 8:
                name = value.decode()
            if field == 9:
                raw = value
        array = np.frombuffer(raw, "<f4").reshape(dims).astype("f8")
        found[name] = torch.from_numpy(array)
    return found


W = weights(ROOT / "models" / "glyphnet" / "model.onnx")


class Relu(torch.autograd.Function):
    """ReLU with the backward rule of a method."""

    @staticmethod
    def forward(context, x, rule):
        context.save_for_backward(x)
        context.rule = rule
        return x.clamp(min=0)

    @staticmethod
    def backward(context, g):
        (x,) = context.saved_tensors
        passed = {
            "plain": lambda: g * (x > 0),
            "guided": lambda: g.clamp(min=0) * (x > 0),
            "deconvnet": lambda: g.clamp(min=0),
        }[context.rule]()
        return passed, None


def logits(x, rule="plain"):
    def conv(x, name, pads, stride=1):
        return F.conv2d(F.pad(x, pads), W[f"{name}/weight"], W[f"{name}/bias"], stride)

    def pool(x):
        return F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-np.inf), 3, 2)

    def relu(x):
        return Relu.apply(x, rule)

    x = pool(relu(conv(x, "conv1", (2, 3, 2, 3), 4)))
    x = pool(relu(conv(x, "conv2", (2, 2, 2, 2))))
    for name in ["conv3", "conv4", "conv5"]:
        x = relu(conv(x, name, (1, 1, 1, 1)))
    x = pool(x).flatten(1)
    for name in ["fc6", "fc7"]:
        x = relu(F.linear(x, W[f"{name}/weight"], W[f"{name}/bias"]))
    return F.linear(x, W["fc8/weight"], W["fc8/bias"])


def gradient(x, target, rule="plain"):
    x = x.clone().requires_grad_()
    logits(x, rule)[:, target].sum().backward()
    return x.grad


def occlusion(x, target):
    """Captum's Occlusion: the mean drop over the windows that cover a pixel."""
    whole = logits(x)
    count = -(-(SIDE - WINDOW) // STRIDE) + 1
    drops, covers, scores = np.zeros((SIDE, SIDE)), np.zeros((SIDE, SIDE)), []
    for row in range(count):
        for column in range(count):
            area = (
                slice(row * STRIDE, row * STRIDE + WINDOW),
                slice(column * STRIDE, column * STRIDE + WINDOW),
            )
            occluded = x.clone()
            occluded[(..., *area)] = 0
            values = logits(occluded)[0]
            scores.append([values[target], values.softmax(0)[target]])
            drops[area] += float(whole[0, target] - values[target])
            covers[area] += 1
    return np.array(scores), drops / covers


def middle(array):
    """The middle 48 x 48 pixels: enough to tell a wrong one, and a quarter of the bytes."""
    return np.asarray(array)[..., 24:72, 24:72]


def save(name, array):
    np.save(OUT / "glyphnet" / f"{name}.npy", np.ascontiguousarray(array))


def glyphnet():
    image = Image.open(ROOT / "models" / "glyphnet" / "samples" / "owl.png").convert("RGB")
    pixels = np.asarray(image.resize((SIDE, SIDE), Image.BILINEAR))
    save("pixels", pixels)
    x = torch.from_numpy((pixels / 255 - 0.5) / 0.25).permute(2, 0, 1)[None].contiguous()
    with torch.no_grad():
        scores = logits(x)
        target = int(scores.argmax())
        places, drops = occlusion(x, target)
    save("logits", scores.numpy().astype("f4"))
    save("occlusion_scores", places.astype("f4"))
    save("occlusion_attribution", middle(drops).astype("f4"))
    for rule in ["plain", "guided", "deconvnet"]:
        save(rule, middle(gradient(x, target, rule)).astype("f4"))
    shares = [(step + 0.5) / STEPS for step in range(STEPS)]
    mean = sum(gradient(share * x, target) for share in shares) / STEPS
    save("integrated", middle(x * mean).astype("f4"))
    case = {
        "image": "models/glyphnet/samples/owl.png",
        "target": target,
        "occlusion": {"window": WINDOW, "stride": STRIDE, "fill": 0},
        "steps": STEPS,
    }
    (OUT / "glyphnet" / "case.json").write_text(json.dumps(case, indent=2) + "\n")


def resize():
    text = lambda array: base64.b64encode(array.tobytes()).decode()
    cases = []
    random = np.random.default_rng(7)
    for size, to in [((7, 5), (4, 3)), ((5, 7), (11, 9)), ((9, 1), (2, 3)), ((3, 8), (3, 2))]:
        source = random.integers(0, 256, (size[1], size[0], 3), "u1")
        result = np.asarray(Image.fromarray(source).resize(to, Image.BILINEAR))
        cases.append({"size": size, "to": to, "source": text(source), "result": text(result)})
    (OUT / "resize.json").write_text(json.dumps(cases, indent=2) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    glyphnet()
    resize()
