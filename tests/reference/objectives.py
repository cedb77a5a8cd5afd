"""Reference values for Meed.Objectives, in float64 with PyTorch, written from the published definitions.

Run: python3 tests/reference/objectives.py > tests/reference/objectives.json
"""
import json
import math
from itertools import combinations

import torch

torch.manual_seed(20)
B, T, V = 5, 4, 7
f = lambda t: t.double().flatten().tolist()


def f32(*shape, scale=1.0, shift=0.0):
    """Random float32 values, so that both sides start from the same bits."""
    return (torch.randn(*shape) * scale + shift).float()


out = {}
log_probs = f32(B, T, scale=0.7, shift=-1.5)
old = (log_probs + f32(B, T, scale=0.25)).float()
ref = (log_probs + f32(B, T, scale=0.5)).float()
adv = f32(B)
mask = torch.tensor([[0, 1, 1, 1], [0, 0, 1, 1], [0, 1, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0]]).bool()
out["inputs"] = dict(rows=B, tokens=T, logProbs=f(log_probs), oldLogProbs=f(old), refLogProbs=f(ref), advantages=f(adv), mask=mask.flatten().tolist())

# Clipped surrogate, PPO Eq. 7 with separate bounds.
lp = log_probs.double().requires_grad_()
ratio = torch.exp(lp - old.double())
a = adv.double()[:, None]
low, high = 0.2, 0.28
loss = -torch.minimum(ratio * a, torch.clamp(ratio, 1 - low, 1 + high) * a)
stopped = ((a > 0) & (ratio > 1 + high)) | ((a < 0) & (ratio < 1 - low))
out["surrogate"] = dict(low=low, high=high, loss=f(loss), clippedShare=(stopped & mask).sum().item() / mask.sum().item())

# Reductions.
m = mask.double()
n = m.sum(1)
rows = (n > 0).sum()
per_row = (loss * m).sum(1)
means = {
    "TokenMean": per_row.sum() / n.sum(),
    "SequenceMean": (per_row / n.clamp(min=1)).sum() / rows,
    "SequenceSum": per_row.sum() / rows,
    "ConstantLength": per_row.sum() / 10 / rows,
}
out["reduce"] = {k: v.item() for k, v in means.items()}
out["reduceGradient"] = {k: f(torch.autograd.grad(v, lp, retain_graph=True)[0]) for k, v in means.items()}

# KL estimators (Schulman 2020).
d = ref.double() - lp
out["kl"] = {"K1": f(-d), "K2": f(0.5 * d * d), "K3": f(torch.exp(d) - 1 - d)}

# Entropy and cross-entropy.
logits = f32(B, V, scale=2.0)
p = torch.softmax(logits.double(), -1)
out["entropy"] = dict(vocabulary=V, logits=f(logits), value=f(-(p * p.log()).sum(-1)))

# Group advantages; the valid flag leaves rows out.
rewards = torch.tensor([1, 0, 0, 1, 0.25, 1, 1, 1, 1, 0, 0, 1, 1, 0.5, 0.75, 9.0]).double()
valid = torch.tensor([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0]).bool()
offsets = [0, 5, 9, 14, 15, 16]
std, mean_, loo, asym = [torch.zeros(16).double() for _ in range(4)]
alpha = 0.9
batch = rewards[valid].mean()
for s, e in zip(offsets, offsets[1:]):
    idx = torch.arange(s, e)[valid[s:e]]
    if len(idx) < 2:
        continue
    r = rewards[idx]
    std[idx] = (r - r.mean()) / (r.std(unbiased=True) + 1e-6)
    mean_[idx] = r - r.mean()
    for i in idx:
        loo[i] = rewards[i] - (r.sum() - rewards[i]) / (len(idx) - 1)
    p = r.mean()
    if 0 < p < 1:
        x = (1 - batch) * std[idx] / (2 * (1 - p.sqrt())) + batch * std[idx] / (2 * p.sqrt())
        asym[idx] = torch.where(x > 0, x * min(1.0, batch.item() / alpha), x)
out["advantages"] = dict(rewards=f(rewards), valid=valid.tolist(), offsets=offsets, alpha=alpha, Standardised=f(std), Mean=f(mean_), LeaveOneOut=f(loo), Asymmetric=f(asym))

# PAR: centred sigmoid, M = 3 references for each of 2 prompts; one reference of the second prompt failed.
raw = torch.tensor([0.5, -1.0, 40.0, 2.0, 3.0]).double()
refs = torch.tensor([[0.0, 1.0, -2.0], [2.5, 5.0, 3.5]]).double()
ok = torch.tensor([[1, 1, 1], [1, 0, 1]]).bool()
group = [0, 0, 0, 1, 1]
par = [torch.sigmoid(raw[i] - refs[g][ok[g]]).mean().item() for i, g in enumerate(group)]
out["par"] = dict(raw=f(raw), references=f(refs), referenceValid=ok.flatten().tolist(), offsets=[0, 3, 5], value=par)

# Tilted target over six answers, and what sampling from another policy gives.
prior = torch.log_softmax(f32(6, scale=1.5).double(), 0)
reward = f32(6).double()
beta = 0.4
target = torch.log_softmax(prior + reward / beta, 0)
log_z = torch.logsumexp(prior + reward / beta, 0)
policy = torch.log_softmax(f32(6).double(), 0)
x = policy.clone().requires_grad_()
kl_reward = reward - beta * (policy - prior)
out["posterior"] = dict(prior=f(prior), rewards=f(reward), beta=beta, policy=f(policy), target=f(target), logPartition=log_z.item(),
                        kl=(policy.exp() * (policy - target)).sum().item(), entropy=-(target.exp() * target).sum().item(),
                        klReward=f(kl_reward), dpg=f((target - policy).exp() - 1),
                        logPartitionEstimate=math.log(torch.exp(prior + reward / beta - policy).mean().item()))

# pass@k by counting every subset.
cases = []
for n_, c, k in [(8, 0, 1), (8, 3, 1), (8, 3, 4), (8, 8, 8), (5, 1, 5), (6, 2, 3), (10, 7, 4)]:
    subsets = list(combinations(range(n_), k))
    cases.append(dict(samples=n_, correct=c, k=k, value=sum(any(i < c for i in s) for s in subsets) / len(subsets)))
out["passAtK"] = cases
print(json.dumps(out, indent=1))
