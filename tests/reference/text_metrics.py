"""Reference values of the text metrics, recomputed from their definitions without any of the product's code.

Run: python3 tests/reference/text_metrics.py > tests/reference/text_metrics.json
Every function follows the formula of the paper as literally as possible (lists and counters, no shortcuts), so that a shared
mistake with the C# code, which counts n-grams by numbers, is unlikely.
"""
import json
import math
import re
from collections import Counter

PAIRS = [
    ("the cat sat on the mat", ["the cat is on the mat"]),
    ("the the the the the the the", ["the cat is on the mat", "there is a cat on the mat"]),
    ("a quick brown fox jumped over lazy dogs", ["the quick brown fox jumps over the lazy dog"]),
    ("he said that it costs 1,000.50 dollars, not more.", ["He said it costs 1,000.50 dollars and not more."]),
    ("entirely different words here", ["nothing of this kind appears there"]),
    ("short", ["a much longer reference sentence with many words in it"]),
    ("running runners ran easily through the happily connected towns", ["the runner runs with ease through connecting happy town"]),
    ("one two three four five six seven", ["one two three four five six seven"]),
    ("seven six five four three two one", ["one two three four five six seven"]),
    ("it is it is it is what it is", ["it is what it is", "what is it"]),
]


def grams(tokens, n):
    return Counter(tuple(tokens[i:i + n]) for i in range(len(tokens) - n + 1))


def tok13a(text):
    text = re.sub(r"([\{-\~\[-\` -\&\(-\+\:-\@\/])", r" \1 ", " " + text + " ")
    text = re.sub(r"([^0-9])([\.,])", r"\1 \2 ", text)
    text = re.sub(r"([\.,])([^0-9])", r" \1 \2", text)
    text = re.sub(r"([0-9])(-)", r"\1 \2 ", text)
    return text.split()


def bleu(cand, refs, smoothing, order=4, effective=False):
    if not cand:
        return 0.0
    log_sum, k, used = 0.0, 0, 0
    for n in range(1, order + 1):
        own = grams(cand, n)
        total = sum(own.values())
        if total == 0 and effective:
            break
        used += 1
        match = sum(min(c, max(grams(r, n)[g] for r in refs)) for g, c in own.items())
        if smoothing == "AddOne" and n > 1:
            match, total = match + 1, total + 1
        if match == 0 and total > 0:
            k += 1
            match = {"None": 0, "Floor": 0.1, "AddOne": 0, "Exponential": 1 / 2 ** k}[smoothing]
        if match == 0 or total == 0:
            return 0.0
        log_sum += math.log(match / total)
    closest = min((abs(len(r) - len(cand)), len(r)) for r in refs)[1]
    bp = 1.0 if len(cand) > closest else math.exp(1 - closest / len(cand))
    return bp * math.exp(log_sum / used)


def gleu(cand, refs):
    best = 0.0
    for ref in refs:
        own, other = Counter(), Counter()
        for n in range(1, 5):
            own += grams(cand, n)
            other += grams(ref, n)
        match = sum((own & other).values())
        best = max(best, match / max(sum(own.values()), sum(other.values()), 1))
    return best


def chrf(cand, refs, words):
    best = 0.0
    for ref in refs:
        ps, rs = [], []
        a, b = "".join(cand.split()), "".join(ref.split())
        pairs = [(grams(a, n), grams(b, n)) for n in range(1, 7)]

        def cut(text):
            out = []
            for w in text.split():
                if len(w) > 1 and re.match(r"[!-/:-@\[-`{-~]", w[-1]):
                    out += [w[:-1], w[-1]]
                elif len(w) > 1 and re.match(r"[!-/:-@\[-`{-~]", w[0]):
                    out += [w[0], w[1:]]
                else:
                    out.append(w)
            return out

        pairs += [(grams(cut(cand), n), grams(cut(ref), n)) for n in range(1, words + 1)]
        for x, y in pairs:
            if x and y:
                match = sum((x & y).values())
                ps.append(match / sum(x.values()))
                rs.append(match / sum(y.values()))
        p, r = (sum(ps) / len(ps), sum(rs) / len(rs)) if ps else (0, 0)
        best = max(best, 5 * p * r / (4 * p + r) if p + r else 0)
    return best


def lcs(a, b):
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1][j + 1] = table[i][j] + 1 if x == y else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


def f1(match, n, m):
    p, r = (match / n, match / m) if n and m else (0, 0)
    return 2 * p * r / (p + r) if p + r else 0


def rouge(cand, refs, n):
    tok = lambda s: re.sub(r"[^a-z0-9]+", " ", s.lower()).split()
    best = 0.0
    for ref in refs:
        a, b = tok(cand), tok(ref)
        if n == 0:
            best = max(best, f1(lcs(a, b), len(a), len(b)))
        else:
            x, y = grams(a, n), grams(b, n)
            best = max(best, f1(sum((x & y).values()), sum(x.values()), sum(y.values())))
    return best


def meteor(cand, refs):
    best = 0.0
    for ref in refs:
        a, b = list(enumerate(cand)), list(enumerate(ref))
        pairs = []
        for i in range(len(a) - 1, -1, -1):
            for j in range(len(b) - 1, -1, -1):
                if a[i][1] == b[j][1]:
                    pairs.append((a[i][0], b[j][0]))
                    b.pop(j)
                    break
        pairs.sort()
        if not pairs:
            continue
        chunks = 1 + sum(not (q[0] == p[0] + 1 and q[1] == p[1] + 1) for p, q in zip(pairs, pairs[1:]))
        p, r = len(pairs) / len(cand), len(pairs) / len(ref)
        f = p * r / (0.9 * p + 0.1 * r)
        best = max(best, f * (1 - 0.5 * (chunks / len(pairs)) ** 3))
    return best


def levenshtein(a, b):
    table = [[i + j if i * j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
    return table[-1][-1]


rows = []
for cand, refs in PAIRS:
    c13, r13 = tok13a(cand), [tok13a(r) for r in refs]
    row = {"candidate": cand, "references": refs}
    for s in ("None", "Floor", "AddOne", "Exponential"):
        row["bleu" + s] = bleu(c13, r13, s)
    row["bleuEffective"] = bleu(c13, r13, "Exponential", effective=True)
    row["gleu"] = gleu(c13, r13)
    row["chrf"], row["chrfpp"] = chrf(cand, refs, 0), chrf(cand, refs, 2)
    for n in range(6):
        row[f"rouge{n}"] = rouge(cand, refs, n)
    row["meteor"] = meteor(re.findall(r"\w+", cand.lower()), [re.findall(r"\w+", r.lower()) for r in refs])
    row["levenshtein"] = levenshtein(cand, refs[0])
    row["indel"] = len(cand) + len(refs[0]) - 2 * lcs(cand, refs[0])
    rows.append(row)
print(json.dumps(rows, indent=1))
