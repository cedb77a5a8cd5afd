"""The Llama shape in PyTorch eager, written for sampling speed: joint projections, rotation as a complex product, preallocated cache, no gradients.

Same sizes as Meed.Compare's sampling case: 4 layers, d 128, 4 heads, MLP 352, V 128, tied head, RMS norm, SiLU gate.
"""
import math

import torch
import torch.nn.functional as F


class Llama:
    def __init__(self, layers=4, width=128, heads=4, inner=352, vocabulary=128, context=64, attention="bmm"):
        self.heads, self.dim, self.inner, self.context, self.attention = heads, width // heads, inner, context, attention
        def weight(*shape):
            return torch.randn(*shape) * 0.02

        self.tokens, self.norm = weight(vocabulary, width), torch.ones(width)
        self.layers = [dict(norm1=torch.ones(width), qkv=weight(3 * width, width), out=weight(width, width), norm2=torch.ones(width), gate_up=weight(2 * inner, width), down=weight(width, inner))
                       for _ in range(layers)]
        angle = torch.outer(torch.arange(context).float(), 10000.0 ** (-torch.arange(0, self.dim, 2).float() / self.dim))
        self.rotation = torch.polar(torch.ones_like(angle), angle)                      # [T, d/2]; neighbours are the pairs
        self.mask = torch.full((context, context), float("-inf")).triu(1)

    @staticmethod
    def rms(x, gain):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * gain

    def attend(self, q, keys, values, t, start, end):
        """q [B, H, t, d] against the cache up to end."""
        if t == 1 and self.attention == "sum":                                          # elementwise: faster here than a batch of tiny products
            weights = torch.softmax((q * keys[:, :, :end]).sum(-1).mul_(1 / math.sqrt(self.dim)), -1)
            return (weights.unsqueeze(-1) * values[:, :, :end]).sum(2, keepdim=True)
        scores = torch.matmul(q * (1 / math.sqrt(self.dim)), keys[:, :, :end].transpose(2, 3))
        if t > 1:
            scores = scores + self.mask[start:end, :end]
        return torch.matmul(torch.softmax(scores, -1), values[:, :, :end])

    def block(self, p, x, cache, start):
        b, t, w = x.shape
        end = start + t
        qkv = F.linear(self.rms(x, p["norm1"]), p["qkv"]).view(b, t, 3 * self.heads, self.dim)
        pairs = torch.view_as_complex(qkv[:, :, :2 * self.heads].reshape(b, t, 2 * self.heads, self.dim // 2, 2))
        qk = torch.view_as_real(pairs * self.rotation[start:end].view(1, t, 1, -1)).view(b, t, 2 * self.heads, self.dim)
        keys, values = cache
        keys[:, :, start:end] = qk[:, :, self.heads:].transpose(1, 2)
        values[:, :, start:end] = qkv[:, :, 2 * self.heads:].transpose(1, 2)
        y = self.attend(qk[:, :, :self.heads].transpose(1, 2), keys, values, t, start, end)
        x = x + F.linear(y.transpose(1, 2).reshape(b, t, w), p["out"])
        gate_up = F.linear(self.rms(x, p["norm2"]), p["gate_up"])
        return x + F.linear(F.silu(gate_up[..., :self.inner]) * gate_up[..., self.inner:], p["down"])

    def sample(self, prompt, new_tokens, cache):
        """[B, P] -> tokens [B, new_tokens] and their log-probabilities."""
        tokens, start, chosen, log_probs = prompt, 0, [], []
        for _ in range(new_tokens):
            x = self.tokens[tokens]
            for p, layer in zip(self.layers, cache):
                x = self.block(p, x, layer, start)
            start += tokens.shape[1]
            log = F.log_softmax(F.linear(self.rms(x[:, -1], self.norm), self.tokens), -1)
            tokens = torch.multinomial(log.exp(), 1)
            chosen.append(tokens)
            log_probs.append(log.gather(1, tokens))
        return torch.cat(chosen, 1), torch.cat(log_probs, 1)

    def cache(self, batch):
        return [(torch.zeros(batch, self.heads, self.context, self.dim), torch.zeros(batch, self.heads, self.context, self.dim)) for _ in self.layers]
