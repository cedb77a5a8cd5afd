"""Reference values of the preference objectives, in float64.

Values come from numpy/torch formulas written out here; gradients are central differences (step 1e-5) of the same float64 forward pass,
of the sum of the losses weighted 1, 2, 3, ... so that rows cannot be mixed up. Inputs are float32 numbers.
Run: python3 tests/reference/preferences.py > tests/reference/preferences.json
"""
import json
import math

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(20261121)
cases = []


def numbers(*shape, scale=2.0, shift=0.0):
    return np.float32(shift + scale * (2 * rng.random(shape) - 1)).astype(np.float64)


def case(name, forward, inputs, constants=None, options=None):
    """inputs get a gradient, constants do not; forward takes tensors by name and gives [B]."""
    constants = constants or {}
    options = options or {}

    def run(values):
        arguments = {k: torch.tensor(v) for k, v in values.items()}
        arguments.update({k: torch.tensor(v) if isinstance(v, np.ndarray) else v for k, v in constants.items()})
        return forward(**arguments, **options)

    loss = run(inputs)
    weights = torch.arange(1, loss.numel() + 1, dtype=torch.float64)
    gradients = {}
    for key, value in inputs.items():
        flat = []
        for i in range(value.size):
            sides = []
            for step in (1e-5, -1e-5):
                moved = {k: v.copy() for k, v in inputs.items()}
                moved[key].reshape(-1)[i] += step
                sides.append(float((run(moved).reshape(-1) * weights).sum()))
            flat.append((sides[0] - sides[1]) / 2e-5)
        gradients[key] = flat
    plain = lambda v: {"shape": list(v.shape), "values": v.reshape(-1).tolist()} if isinstance(v, np.ndarray) else v
    cases.append({"name": name, "inputs": {k: plain(v) for k, v in inputs.items()}, "constants": {k: plain(v) for k, v in constants.items()},
                  "options": options, "loss": loss.reshape(-1).tolist(), "gradients": gradients})


logsigmoid = torch.nn.functional.logsigmoid
softplus = torch.nn.functional.softplus


def bradley_terry(chosen, rejected, margin=None, smoothing=0.0):
    d = chosen - rejected - (0 if margin is None else margin)
    return -(1 - smoothing) * logsigmoid(d) - smoothing * logsigmoid(-d)


def soft(first, second, probability):
    return torch.nn.functional.binary_cross_entropy_with_logits(first - second, probability, reduction="none")


def davidson(first, second, logNu, outcomes):
    a, b, t = first.exp(), second.exp(), logNu.exp() * ((first + second) / 2).exp()
    z = a + b + t
    o = torch.tensor(outcomes)
    return -torch.where(o == 1, a / z, torch.where(o == -1, b / z, t / z)).log()


def rao_kupper(first, second, threshold, outcomes):
    theta = softplus(threshold).exp()
    a, b = first.exp(), second.exp()
    win, lose = a / (a + theta * b), b / (b + theta * a)
    o = torch.tensor(outcomes)
    return -torch.where(o == 1, win, torch.where(o == -1, lose, 1 - win - lose)).log()


def focal(chosen, rejected, gamma):
    p = torch.sigmoid(chosen - rejected)
    return -((1 - 2 * torch.clamp(p - 0.5, min=0)) ** gamma) * p.log()


def adaptive(chosen, rejected, votes):
    return -logsigmoid(chosen - rejected - votes.mean(0))


def plackett_luce(scores, lengths, top=None):
    rows = []
    for b, n in enumerate(lengths):
        s, total = scores[b, :n], torch.zeros(())
        for k in range(min(n - 1, top or n)):
            total = total - s[k] + torch.logsumexp(s[k:], 0)
        rows.append(total)
    return torch.stack(rows)


def ordinal(scores, raw, grades):
    theta = torch.cat([raw[:1], raw[:1] + torch.cumsum(softplus(raw[1:]), 0)])
    out = []
    for s, y in zip(scores, grades):
        upper = torch.sigmoid(theta[y] - s) if y < len(theta) else torch.ones(())
        lower = torch.sigmoid(theta[y - 1] - s) if y > 0 else torch.zeros(())
        out.append(-(upper - lower).log())
    return torch.stack(out)


def log_phi(z):
    return torch.special.log_ndtr(z)


def thurstone(chosen, rejected, chosenLogVariance, rejectedLogVariance):
    return -log_phi((chosen - rejected) / (chosenLogVariance.exp() + rejectedLogVariance.exp()).sqrt())


def noise_thurstone(chosen, rejected, noise, baseDeviation, noiseDeviation):
    return -log_phi((chosen - rejected) / (baseDeviation ** 2 + noiseDeviation ** 2 * noise ** 2).sqrt())


def quantile(quantiles, ratings, levels):
    tau = torch.tensor(levels)
    e = ratings[:, None] - quantiles
    return torch.maximum(tau * e, (tau - 1) * e).mean(1)


def attributes(scores, ratings, rated):
    m = torch.tensor(rated).reshape(scores.shape)
    return (torch.where(m, (scores - ratings) ** 2, torch.zeros_like(scores))).sum(1) / m.sum(1).clamp(min=1)


def prior(chosen, rejected, cap):
    d = chosen - rejected
    return -logsigmoid(d) - logsigmoid(cap - d)


def tied(first, second, equal, margin):
    d = first - second
    return torch.where(torch.tensor(equal), -logsigmoid(d - margin) - logsigmoid(-d - margin), -logsigmoid(d))


def cosine(a, b):
    return (a * b).sum(-1) / (a.norm(dim=-1) * b.norm(dim=-1))


def contrastive(anchors, positives, temperature):
    a, p = anchors / anchors.norm(dim=1, keepdim=True), positives / positives.norm(dim=1, keepdim=True)
    logits = a @ p.T / temperature
    return -torch.log_softmax(logits, 1).diagonal()


def goal(states, goals, negatives, temperature):
    good = cosine(states, goals) / temperature
    bad = torch.stack([cosine(states, n[None, :].expand_as(states)) for n in negatives], 1) / temperature
    return -good + torch.logsumexp(torch.cat([good[:, None], bad], 1), 1)


def triplet(anchors, positives, negatives, margin):
    d = lambda x, y: ((x - y) ** 2).sum(1)
    return torch.clamp(d(anchors, positives) - d(anchors, negatives) + margin, min=0)


def ideal_point(chosen, rejected, prototypes, weights):
    user = torch.softmax(weights, 1) @ prototypes
    return -logsigmoid(((rejected - user) ** 2).sum(1) - ((chosen - user) ** 2).sum(1))


def ideal_inner(chosen, rejected, prototypes, weights):
    user = torch.softmax(weights, 1) @ prototypes
    return -logsigmoid(((chosen - rejected) * user).sum(1))


def variational(chosen, rejected, mean, logVariance, beta):
    kl = 0.5 * (mean ** 2 + logVariance.exp() - 1 - logVariance).sum(1)
    return -logsigmoid(chosen - rejected).sum(1) + beta * kl


def context_mixture(chosen, rejected, contextLogits):
    w = torch.softmax(contextLogits, 1)
    return -(w * torch.sigmoid(chosen - rejected)).sum(1).log()


def margin_beta(margins, logRatio, beta, weight, rate):
    b = beta * (1 + weight * (1 - torch.exp(-rate * margins)))
    return -logsigmoid(b * logRatio)


def span_dpo(logRatios, accurate, beta):
    sign = torch.where(torch.tensor(accurate), 1.0, -1.0)
    return -logsigmoid(sign * beta * logRatios)


def implicit_value(first, now, later, discount):
    # VIP: (1 - g) * E[-V(first)] + log E exp(V(now) + 1 - g * V(later)) over the batch
    return ((1 - discount) * -first.mean() + torch.log(torch.exp(now + 1 - discount * later).mean())).reshape(1)


def critique(tokenLogProbs, chosen, rejected, weight):
    return -tokenLogProbs.sum(1) - weight * logsigmoid(chosen - rejected)


def share(scores, altered, temperature):
    return torch.softmax(torch.cat([scores[:, None], altered], 1) / temperature, 1)[:, 0]


for n in (1, 7):
    c, r = numbers(n), numbers(n)
    case("bradley-terry", bradley_terry, dict(chosen=c, rejected=r), options=dict(smoothing=0.1 if n > 1 else 0.0))
    case("bradley-terry-margin", bradley_terry, dict(chosen=c, rejected=r), dict(margin=np.abs(numbers(n))), dict(smoothing=0.05))
    case("soft-bradley-terry", soft, dict(first=c, second=r), dict(probability=np.float32(rng.random(n)).astype(np.float64)))
    outcomes = [1, 0, -1, 0, 1, -1, 1][:n] if n > 1 else [0]
    case("davidson", davidson, dict(first=c, second=r, logNu=numbers(1)), options=dict(outcomes=outcomes))
    case("rao-kupper", rao_kupper, dict(first=c, second=r, threshold=numbers(1)), options=dict(outcomes=outcomes))
    case("focal-ranking", focal, dict(chosen=c, rejected=r), options=dict(gamma=2.0 if n > 1 else 0.0))
    case("adaptive-margin", adaptive, dict(chosen=c, rejected=r), dict(votes=numbers(3, n)))
    case("binary", lambda scores, labels: soft(scores, torch.zeros_like(scores), labels), dict(scores=c), dict(labels=np.float32(rng.random(n)).astype(np.float64)))
    case("ordinal", ordinal, dict(scores=c, raw=numbers(3)), options=dict(grades=[0, 1, 3, 2, 0, 3, 1][:n] if n > 1 else [3]))
    case("thurstone", thurstone, dict(chosen=3 * c, rejected=3 * r, chosenLogVariance=numbers(n), rejectedLogVariance=numbers(n)))
    case("noise-thurstone", noise_thurstone, dict(chosen=c, rejected=r), dict(noise=np.float32(rng.random(n)).astype(np.float64)), dict(baseDeviation=0.5, noiseDeviation=2.0))
    case("quantile", quantile, dict(quantiles=numbers(n, 3)), dict(ratings=numbers(n)), dict(levels=[0.125, 0.5, 0.875]))
    case("attribute-regression", attributes, dict(scores=numbers(n, 3)), dict(ratings=numbers(n, 3)), dict(rated=([True, False, True, False, False, False] + [True, True, False] * 5)[:3 * n]))
    case("prior-constraint", prior, dict(chosen=c, rejected=r), dict(cap=np.abs(numbers(n)) + 1))
    case("tied-ranking", tied, dict(first=c, second=r), options=dict(equal=[True, False, True, False, True, True, False][:n], margin=0.5))
    case("contrastive", contrastive, dict(anchors=numbers(n, 4), positives=numbers(n, 4)), options=dict(temperature=0.5))
    case("goal-contrastive", goal, dict(states=numbers(n, 4), goals=numbers(n, 4), negatives=numbers(3, 4)), options=dict(temperature=0.5))
    case("triplet", triplet, dict(anchors=numbers(n, 3), positives=numbers(n, 3), negatives=numbers(n, 3)), options=dict(margin=1.0))
    case("ideal-point", ideal_point, dict(chosen=numbers(n, 3, scale=1), rejected=numbers(n, 3, scale=1), prototypes=numbers(2, 3, scale=1), weights=numbers(n, 2)))
    case("ideal-point-inner", ideal_inner, dict(chosen=numbers(n, 3), rejected=numbers(n, 3), prototypes=numbers(2, 3), weights=numbers(n, 2)))
    case("variational-user", variational, dict(chosen=numbers(n, 5), rejected=numbers(n, 5), mean=numbers(n, 2), logVariance=numbers(n, 2)), options=dict(beta=0.25))
    case("context-mixture", context_mixture, dict(chosen=numbers(n, 3), rejected=numbers(n, 3), contextLogits=numbers(n, 3)))
    case("margin-beta", margin_beta, dict(logRatio=numbers(n)), dict(margins=np.abs(numbers(n))), dict(beta=0.1, weight=2.0, rate=0.5))
    case("span-preference", span_dpo, dict(logRatios=numbers(n)), options=dict(accurate=[True, False, False, True, True, False, True][:n], beta=0.5))
    case("implicit-value", implicit_value, dict(first=numbers(n), now=numbers(n), later=numbers(n)), options=dict(discount=0.9))
    case("critique", critique, dict(tokenLogProbs=-np.abs(numbers(n, 4)), chosen=c, rejected=r), options=dict(weight=0.5))
    case("contrast-share", share, dict(scores=c, altered=numbers(n, 3)), options=dict(temperature=0.7))

for n, lengths, top in ((1, [1], None), (1, [4], None), (3, [5, 2, 1], None), (3, [5, 4, 3], 2)):
    width = max(lengths)
    case("plackett-luce", plackett_luce, dict(scores=numbers(n, width)), options=dict(lengths=lengths, top=top))

# log Phi far into both tails.
tails = np.array([-30.0, -12.5, -3.0, -2.999, -1e-3, 0.0, 1e-3, 2.999, 3.0, 8.0])
extra = {"x": tails.tolist(), "logPhi": log_phi(torch.tensor(tails)).tolist()}
assert all(math.isfinite(v) for v in extra["logPhi"])
print(json.dumps({"cases": cases, "normal": extra}, indent=None, separators=(",", ":")))
