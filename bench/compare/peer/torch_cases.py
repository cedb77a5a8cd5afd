"""PyTorch's side of the comparisons: torch_cases.py <case> [--threads N] [--seconds S] [--gelu erf|tanh] [--foreach 0|1] [--attention bmm|sum] [--file pairs.jsonl]

Writes one JSON line per measured item, like Meed.Compare. Eager mode, float32, CPU.
"""
import argparse
import json
import math
import time

import torch
import torch.nn.functional as F

import reward_cases
from llama import Llama


def write(**line):
    print(json.dumps(line), flush=True)


def measure(item, call, seconds, smallest=9):
    """Median seconds of one call, over nine samples that share the given time; warmed up first."""
    start = time.perf_counter()
    calls = 0
    while calls < 10 or time.perf_counter() - start < seconds / 3:
        call()
        calls += 1
        if time.perf_counter() - start > seconds and calls >= 3:
            break
    estimate = (time.perf_counter() - start) / calls
    each = max(1, int(seconds / smallest / estimate))
    samples = []
    for _ in range(smallest):
        start = time.perf_counter()
        for _ in range(each):
            call()
        samples.append((time.perf_counter() - start) / each)
    samples.sort()
    write(item=item, seconds=samples[len(samples) // 2], fastest=samples[0], slowest=samples[-1], work=0)


def adam(parameters, options, decoupled):
    kind = torch.optim.AdamW if decoupled else torch.optim.Adam
    return kind(parameters, lr=1e-3, foreach=bool(options.foreach))


def mlp_step(options):
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(4, 64), torch.nn.Tanh(), torch.nn.Linear(64, 64), torch.nn.Tanh(), torch.nn.Linear(64, 2))
    optimizer = adam(model.parameters(), options, decoupled=False)
    x, y = torch.rand(64, 4) * 2 - 1, torch.rand(64, 2) * 2 - 1

    def step():
        loss = F.mse_loss(model(x), y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()

    measure("mlp step", step, options.seconds)


class Gpt(torch.nn.Module):
    """GPT-2 shape: learned positions, pre-norm blocks, fused qkv projection, GELU MLP of four times the width, untied head."""

    def __init__(self, layers=4, width=128, heads=4, context=64, vocabulary=128, gelu="erf"):
        super().__init__()
        self.heads, self.context, self.gelu = heads, context, "none" if gelu == "erf" else "tanh"
        self.tokens = torch.nn.Embedding(vocabulary, width)
        self.positions = torch.nn.Embedding(context, width)
        self.blocks = torch.nn.ModuleList()
        for _ in range(layers):
            self.blocks.append(torch.nn.ModuleDict({
                "norm1": torch.nn.LayerNorm(width), "qkv": torch.nn.Linear(width, 3 * width), "out": torch.nn.Linear(width, width),
                "norm2": torch.nn.LayerNorm(width), "up": torch.nn.Linear(width, 4 * width), "down": torch.nn.Linear(4 * width, width)}))
        self.norm = torch.nn.LayerNorm(width)
        self.head = torch.nn.Linear(width, vocabulary, bias=False)
        for p in self.parameters():
            if p.dim() > 1:
                torch.nn.init.normal_(p, std=0.02)
        self.register_buffer("mask", torch.full((context, context), float("-inf")).triu(1))

    def split(self, x):
        """[B, T, 3d] -> three of [B·H, T, d/H]."""
        b, t, w = x.shape
        d = w // 3 // self.heads
        q, k, v = x.view(b, t, 3, self.heads, d).permute(2, 0, 3, 1, 4).reshape(3, b * self.heads, t, d).unbind(0)
        return q, k, v

    def block(self, p, x, attend):
        b, t, w = x.shape
        q, k, v = self.split(p["qkv"](p["norm1"](x)))
        y = attend(q, k, v).view(b, self.heads, t, w // self.heads).transpose(1, 2).reshape(b, t, w)
        x = x + p["out"](y)
        return x + p["down"](F.gelu(p["up"](p["norm2"](x)), approximate=self.gelu))

    def forward(self, tokens):
        t = tokens.shape[1]
        x = self.tokens(tokens) + self.positions.weight[:t]
        mask = self.mask[:t, :t]

        def attend(q, k, v):
            scores = torch.baddbmm(mask, q, k.transpose(1, 2), alpha=1 / math.sqrt(q.shape[-1]))
            return torch.bmm(F.softmax(scores, dim=-1), v)

        for p in self.blocks:
            x = self.block(p, x, attend)
        return self.head(self.norm(x))


def gpt_step(options):
    torch.manual_seed(0)
    model = Gpt(gelu=options.gelu)
    optimizer = adam(model.parameters(), options, decoupled=True)
    data = torch.randint(0, 128, (16, 65))
    inputs, targets = data[:, :-1].contiguous(), data[:, 1:].reshape(-1)

    def step():
        loss = F.cross_entropy(model(inputs).view(-1, 128), targets)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()

    measure("gpt step", step, options.seconds)


def sampling(options):
    torch.manual_seed(0)
    model = Llama(attention=options.attention)
    with torch.inference_mode():
        for batch in (8, 64, 256):
            prompt = torch.randint(0, 128, (batch, 16))
            cache = model.cache(batch)
            measure(f"B={batch}", lambda: model.sample(prompt, 48, cache), options.seconds)


def rows(options):
    x = torch.rand(1_048_576) * 2 - 1
    y, dy = torch.empty_like(x), torch.rand(1_048_576) * 2 - 1
    s = options.seconds
    with torch.inference_mode():
        small, out = x[:65536].clone(), torch.empty(65536)
        measure("exp 65536", lambda: torch.exp(small, out=out), s)
        measure("exp 1048576", lambda: torch.exp(x, out=y), s)
        measure("tanh 1048576", lambda: torch.tanh(x, out=y), s)
        wide = x[:524288].clone()
        grad = dy[:524288].clone()
        measure("gelu-tanh 1024x512", lambda: F.gelu(wide, approximate="tanh"), s)
        measure("gelu-erf 1024x512", lambda: F.gelu(wide), s)
        measure("gelu-tanh backward 1024x512", lambda: torch.ops.aten.gelu_backward(grad, wide, approximate="tanh"), s)
        measure("add 1048576", lambda: torch.add(x, dy, out=y), s)
        measure("sum 1048576", lambda: torch.sum(x), s)
        square = x[:262144].view(4096, 64)
        target = torch.empty(4096, 64)
        measure("softmax 4096x64", lambda: torch.softmax(square, -1, out=target), s)
        matrix = x[:131072].view(1024, 128)
        measure("log-softmax 1024x128", lambda: F.log_softmax(matrix, -1), s)
        gain, bias = torch.rand(128), torch.rand(128)
        measure("layer-norm 1024x128", lambda: F.layer_norm(matrix, (128,), gain, bias), s)
        _, mean, rstd = torch.ops.aten.native_layer_norm(matrix, (128,), gain, bias, 1e-5)
        gradient = dy[:131072].view(1024, 128)
        measure("layer-norm backward 1024x128", lambda: torch.ops.aten.native_layer_norm_backward(gradient, matrix, (128,), mean, rstd, gain, bias, (True, True, True)), s)


CASES = {"mlp-step": mlp_step, "gpt-step": gpt_step, "sampling": sampling, "rows": rows,
         "linear-head": lambda options: reward_cases.linear_head(options, measure), "two-layer-head": lambda options: reward_cases.two_layer_head(options, measure),
         "encoder-scoring": lambda options: reward_cases.encoder_scoring(options, measure), "bt-pairs": lambda options: reward_cases.bt_pairs(options, write)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("case", choices=CASES)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=0.3)
    parser.add_argument("--gelu", choices=("erf", "tanh"), default="erf")
    parser.add_argument("--foreach", type=int, default=0)
    parser.add_argument("--attention", choices=("bmm", "sum"), default="bmm")
    parser.add_argument("--file", help="pairs of bt-pairs")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    write(header=options.case, side="PyTorch", version=torch.__version__, threads=torch.get_num_threads())
    write(note="aten", value=torch.backends.cpu.get_cpu_capability() if hasattr(torch.backends, "cpu") else "unknown")
    write(note="core", value=blas_core())
    CASES[options.case](options)


def blas_core():
    """The kernel set of the OpenBLAS that PyTorch loaded, or why it is not known."""
    import ctypes
    for line in open("/proc/self/maps"):
        path = line.rstrip().split(" ")[-1]
        if "blas" in path and ".so" in path:
            library = ctypes.CDLL(path)
            if hasattr(library, "openblas_get_corename"):
                library.openblas_get_corename.restype = ctypes.c_char_p
                return library.openblas_get_corename().decode()
    return "not OpenBLAS"


if __name__ == "__main__":
    main()
