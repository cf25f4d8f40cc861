"""The networks of CardNetwork in PyTorch: a line for every network, precision and mode with the microseconds of a training step.

A step is forward, backward, clipping to norm 1 and AdamW (fused), in FP16 with a GradScaler. Modes are eager, torch.compile, and
a captured CUDA graph of the whole step. A mode that PyTorch cannot do is left out, with a word on stderr.
"""

import contextlib
import sys
import time

import torch
from torch import nn

ROUNDS = 9
SECONDS_PER_ROUND = 0.3
BUCKETS, ITEMS, LENGTH = 100_000, 4096, 64


def perceptron(inputs, *hidden):
    layers = []
    for width in hidden:
        layers += [nn.Linear(inputs, width), nn.ReLU()]
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, 1))


class Tables(nn.Module):
    def __init__(self):
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(BUCKETS, 16) for _ in range(26))
        self.mlp = perceptron(13 + 26 * 16, 256, 128)

    def forward(self, numbers, ids):
        rows = [table(ids[:, i]) for i, table in enumerate(self.tables)]
        return self.mlp(torch.cat([numbers, *rows], 1))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.items = nn.Embedding(ITEMS, 128)
        self.places = nn.Parameter(torch.zeros(LENGTH, 128))
        self.block = nn.TransformerEncoderLayer(128, 4, 512, 0.0, batch_first=True)
        self.out = nn.Linear(128, 1)

    def forward(self, ids):
        return self.out(self.block(self.items(ids) + self.places).mean(1))


def networks(device):
    def numbers(rows, width):
        return torch.rand(rows, width, device=device) * 2 - 1

    yield "mlp-64-128-128-1", 256, lambda: perceptron(64, 128, 128), (numbers(256, 64),)
    yield "mlp-4x1024", 4096, lambda: perceptron(1024, 1024, 1024, 1024, 1024), (numbers(4096, 1024),)
    ids = torch.randint(0, BUCKETS, (4096, 26), device=device)
    yield "tables", 4096, Tables, (numbers(4096, 13), ids)
    yield "transformer", 64, Transformer, (torch.randint(0, ITEMS, (64, LENGTH), device=device),)


class Step:
    def __init__(self, make, inputs, rows, precision, mode, device):
        torch.manual_seed(7)
        torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
        self.model = make().to(device)
        self.inputs = inputs
        self.labels = torch.randint(0, 2, (rows, 1), device=device).float()
        self.loss = nn.BCEWithLogitsLoss()
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=1e-3, weight_decay=0.01, fused=True, capturable=mode == "graph")
        self.scaler = torch.amp.GradScaler(device, enabled=precision == "fp16" and mode != "graph")
        half = {"fp16": torch.float16, "bf16": torch.bfloat16}.get(precision)
        self.cast = lambda: torch.autocast(device, dtype=half) if half else contextlib.nullcontext()
        forward = self.forward
        self.compute = torch.compile(forward) if mode == "compile" else forward
        self.run = self.eager
        if mode == "graph":
            self.capture()

    def forward(self):
        with self.cast():
            return self.loss(self.model(*self.inputs), self.labels)

    def eager(self):
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(self.compute()).backward()
        self.scaler.unscale_(self.optimizer)
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.scaler.step(self.optimizer)
        self.scaler.update()

    def whole(self):
        self.optimizer.zero_grad(set_to_none=False)
        self.forward().backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()

    def capture(self):
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                self.whole()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self.whole()
        self.run = graph.replay


def seconds(step, count):
    torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(count):
        step.run()
    torch.cuda.synchronize()
    return time.perf_counter() - start


def micros(step):
    seconds(step, 10)
    count = max(1, min(100_000, int(SECONDS_PER_ROUND / (seconds(step, 10) / 10))))
    return sorted(seconds(step, count) / count * 1e6 for _ in range(ROUNDS))[ROUNDS // 2]


def main():
    device = "cuda"
    print("# torch", torch.__version__, torch.cuda.get_device_name(), flush=True)
    for name, rows, make, inputs in networks(device):
        for precision in ("fp32", "tf32", "fp16", "bf16"):
            for mode in ("eager", "compile", "graph"):
                try:
                    step = Step(make, inputs, rows, precision, mode, device)
                    print(f"torch-{mode} {name} {precision} {micros(step):.1f}", flush=True)
                except Exception as reason:  # a mode that cannot be had must not hide the others
                    print(f"torch-{mode} {name} {precision} cannot be had: {reason}", file=sys.stderr)


if __name__ == "__main__":
    main()
