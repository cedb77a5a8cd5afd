"""Reference values of a small Llama-shaped transformer, computed in float64 by PyTorch from the published formulas.

Run: python3 tests/reference/llama_forward.py > tests/reference/llama_forward.json
Used by tests/Meed.Models.Tests/Transformers/ReferenceTests.cs, which makes the same weights from the same recurrence.
"""
import json
import torch

V, D, L, H, KV, F, EPS, THETA = 17, 24, 2, 4, 2, 20, 1e-5, 10000.0
HD = D // H
ROWS = [[3, 1, 4, 1, 5, 9, 2], [6], [5, 3, 5, 8, 9, 7, 9, 3, 2, 3]]
PROMPT = [2, 1, 4]

state = 12345


def numbers(count):
    """Multiples of 2^-24 in [-0.5, 0.5), exact in float32."""
    global state
    out = []
    for _ in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        out.append((state >> 8) / 2**24 - 0.5)
    return torch.tensor(out, dtype=torch.float64)


def parameter(*shape, shift=0.0):
    count = 1
    for s in shape:
        count *= s
    return (numbers(count).reshape(shape) + shift).requires_grad_()


names = [("model.embed_tokens.weight", (V, D), 0.0)]
for i in range(L):
    p = f"model.layers.{i}."
    names += [(p + "input_layernorm.weight", (D,), 1.0), (p + "self_attn.q_proj.weight", (H * HD, D), 0.0), (p + "self_attn.k_proj.weight", (KV * HD, D), 0.0),
              (p + "self_attn.v_proj.weight", (KV * HD, D), 0.0), (p + "self_attn.o_proj.weight", (D, H * HD), 0.0), (p + "post_attention_layernorm.weight", (D,), 1.0),
              (p + "mlp.gate_proj.weight", (F, D), 0.0), (p + "mlp.up_proj.weight", (F, D), 0.0), (p + "mlp.down_proj.weight", (D, F), 0.0)]
names += [("model.norm.weight", (D,), 1.0), ("lm_head.weight", (V, D), 0.0)]
w = {n: parameter(*s, shift=shift) for n, s, shift in names}


def norm(x, gain):
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + EPS) * gain


def rotate(x):                                                     # [T, heads, HD]
    inv = THETA ** (-torch.arange(0, HD, 2, dtype=torch.float64) / HD)
    angle = torch.outer(torch.arange(x.shape[0], dtype=torch.float64), inv)[:, None, :]
    a, b = x[..., :HD // 2], x[..., HD // 2:]
    return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], -1)


def forward(tokens):
    t = len(tokens)
    x = w["model.embed_tokens.weight"][torch.tensor(tokens)]
    for i in range(L):
        p = f"model.layers.{i}."
        h = norm(x, w[p + "input_layernorm.weight"])
        q = rotate((h @ w[p + "self_attn.q_proj.weight"].T).view(t, H, HD))
        k = rotate((h @ w[p + "self_attn.k_proj.weight"].T).view(t, KV, HD)).repeat_interleave(H // KV, 1)
        v = (h @ w[p + "self_attn.v_proj.weight"].T).view(t, KV, HD).repeat_interleave(H // KV, 1)
        s = torch.einsum("thd,shd->hts", q, k) / HD ** 0.5
        s = s.masked_fill(torch.ones(t, t).triu(1).bool(), float("-inf"))
        a = torch.einsum("hts,shd->thd", torch.softmax(s, -1), v).reshape(t, H * HD)
        x = x + a @ w[p + "self_attn.o_proj.weight"].T
        h = norm(x, w[p + "post_attention_layernorm.weight"])
        g = h @ w[p + "mlp.gate_proj.weight"].T
        x = x + (g * torch.sigmoid(g) * (h @ w[p + "mlp.up_proj.weight"].T)) @ w[p + "mlp.down_proj.weight"].T
    return norm(x, w["model.norm.weight"]) @ w["lm_head.weight"].T


logits = [forward(r) for r in ROWS]
log_probs = []
for r, z, prompt in zip(ROWS, logits, PROMPT):
    lp = torch.log_softmax(z, -1)
    log_probs.append([lp[t - 1, r[t]] if t >= prompt else None for t in range(len(r))])
loss = sum(v * (i + 1) for row in log_probs for i, v in enumerate(row) if v is not None)
loss.backward()


def short(x):
    return float(f"{float(x):.10g}")


print(json.dumps({
    "torch": torch.__version__,
    "config": {"vocab_size": V, "hidden_size": D, "num_hidden_layers": L, "num_attention_heads": H, "num_key_value_heads": KV, "intermediate_size": F,
               "rms_norm_eps": EPS, "rope_theta": THETA, "max_position_embeddings": 16, "tie_word_embeddings": False, "architectures": ["LlamaForCausalLM"]},
    "rows": ROWS, "prompt": PROMPT,
    "logits": [[[short(v) for v in t] for t in z] for z in logits],
    "log_probs": [[None if v is None else short(v) for v in row] for row in log_probs],
    "gradients": {n: {"norm": short(p.grad.norm()), "first": short(p.grad.reshape(-1)[0]), "last": short(p.grad.reshape(-1)[-1]), "sum": short(p.grad.sum())} for n, p in w.items()},
}, indent=0))
