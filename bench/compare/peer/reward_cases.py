"""PyTorch's side of the reward-model comparisons: used by torch_cases.py. Eager mode, float32, CPU."""
import collections
import json
import math
import re
import time

import torch
import torch.nn.functional as F

from llama import Llama

WIDTH, STORED = 768, 4096


def head(options, model, batch, measure):
    """A step of Bradley-Terry on a head over stored features: both sides' rows are gathered and go through the head at once."""
    torch.manual_seed(0)
    matrix = torch.rand(STORED, WIDTH) * 2 - 1
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01, foreach=bool(options.foreach))
    order = torch.randperm(STORED // 2)
    at = [0]

    def step():
        units = order[at[0]:at[0] + batch]
        at[0] = (at[0] + batch) % len(order)
        scores = model(matrix[torch.cat((2 * units, 2 * units + 1))]).squeeze(1)
        loss = -F.logsigmoid(scores[:batch] - scores[batch:]).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()

    measure(f"{batch} pairs", step, options.seconds)


def linear_head(options, measure):
    head(options, torch.nn.Linear(WIDTH, 1), 64, measure)


def two_layer_head(options, measure):
    head(options, torch.nn.Sequential(torch.nn.Linear(WIDTH, 256), torch.nn.GELU(), torch.nn.Linear(256, 1)), 256, measure)


def encoder_scoring(options, measure):
    """The scores of 128 rows in batches of 32, a linear head on the last token."""
    torch.manual_seed(0)
    for tokens in (64, 256):
        model = Llama(layers=5, vocabulary=259, context=tokens)
        score = torch.randn(1, 128) * 0.02
        rows = torch.randint(32, 127, (128, tokens))
        cache = model.cache(32)

        def run():
            results = []
            for part in rows.split(32):
                x = model.tokens[part]
                for p, layer in zip(model.layers, cache):
                    x = model.block(p, x, layer, 0)
                results.append(F.linear(model.rms(x[:, -1], model.norm), score))
            return torch.cat(results)

        with torch.inference_mode():
            measure(f"128 rows of {tokens} tokens", run, options.seconds)


WORD = re.compile(r"[^\W_]['’\w]*|\S")


def features(text, buckets=1 << 18):
    """Hashed words and pairs of words with log(1 + count)."""
    words = WORD.findall(text.lower())
    counts = collections.Counter(hash(w) & (buckets - 1) for w in words)
    counts.update(hash(p) & (buckets - 1) for p in zip(words, words[1:]))
    return list(counts), [math.log1p(c) for c in counts.values()]


def sides(path):
    """The two last answers of every row."""
    tag = "\n\nAssistant:"
    for line in open(path, encoding="utf-8"):
        row = json.loads(line)
        shared = next((i for i, (a, b) in enumerate(zip(row["chosen"], row["rejected"])) if a != b), min(map(len, row.values())))
        end = row["chosen"].rfind(tag, 0, shared) + len(tag)
        yield row["chosen"][end:].strip(), row["rejected"][end:].strip()


def bt_pairs(options, write):
    """Reading, encoding and three epochs: a weighted sum of embeddings of width 1, AdaGrad on the touched rows."""
    start = time.perf_counter()
    ids, values, starts = [], [], []
    for pair in sides(options.file):
        for text in pair:
            i, v = features(text)
            starts.append(len(ids))
            ids += i
            values += v
    starts.append(len(ids))
    ids, values = torch.tensor(ids), torch.tensor(values)
    read = time.perf_counter() - start
    weight = torch.nn.Parameter(torch.zeros(1 << 18, 1))
    optimizer = torch.optim.Adagrad([weight], lr=0.03)
    torch.manual_seed(0)
    pairs = (len(starts) - 1) // 2
    for _ in range(3):
        for units in torch.randperm(pairs).split(64):
            rows = [2 * u for u in units.tolist()] + [2 * u + 1 for u in units.tolist()]
            spans = [(starts[r], starts[r + 1]) for r in rows]
            offsets = torch.tensor([0] + [b - a for a, b in spans[:-1]]).cumsum(0)
            own = torch.cat([ids[a:b] for a, b in spans])
            scores = F.embedding_bag(own, weight, offsets, mode="sum", per_sample_weights=torch.cat([values[a:b] for a, b in spans]), sparse=True).squeeze(1)
            loss = -F.logsigmoid(scores[:len(units)] - scores[len(units):]).mean()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
    seconds = time.perf_counter() - start
    write(item="read, encode, 3 epochs", seconds=seconds, fastest=seconds, slowest=seconds, work=0)
    write(note="seconds of reading and encoding", value=f"{read:.2f}")
    scores = F.embedding_bag(ids, weight.detach(), torch.tensor(starts[:-1]), mode="sum", per_sample_weights=values).view(-1, 2)
    write(note="training accuracy", value=f"{(scores[:, 0] > scores[:, 1]).float().mean().item():.4f}")
