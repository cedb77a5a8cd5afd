#!/usr/bin/env python3
"""Writes preference pairs to train on: the two parts of hh-rlhf, repeated, with a tenth of the words of each last answer dropped by a seed.

    bench/compare/pairs.py PAIRS FILE       (MEED_DATA names the folder with hh-rlhf/)
"""
import gzip
import json
import os
import pathlib
import random
import sys

TAG = "\n\nAssistant:"
FILES = ("harmless-base-test.first1812.jsonl.gz", "helpful-base-test.first1852.jsonl.gz")


def dropped(dialogue, draw):
    """The dialogue with a tenth of the words of its last turn gone; at least one word stays."""
    head, _, answer = dialogue.rpartition(TAG)
    words = answer.split(" ")
    kept = [w for w in words if draw.random() >= 0.1]
    return f"{head}{TAG}{' '.join(kept or words)}"


def write(pairs, path):
    if "MEED_DATA" not in os.environ:
        sys.exit("MEED_DATA is not set. Set it to the folder that holds hh-rlhf/.")
    folder = pathlib.Path(os.environ["MEED_DATA"]) / "hh-rlhf"
    rows = [json.loads(line) for name in FILES for line in gzip.open(folder / name, "rt", encoding="utf-8")]
    rows = [r for r in rows if r["chosen"] != r["rejected"]]
    draw = random.Random(0)
    part = pathlib.Path(f"{path}.part")
    with open(part, "w", encoding="utf-8") as out:
        for i in range(pairs):
            row = rows[i % len(rows)]
            out.write(json.dumps({"chosen": dropped(row["chosen"], draw), "rejected": dropped(row["rejected"], draw)}, ensure_ascii=False) + "\n")
    part.rename(path)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    write(int(sys.argv[1]), sys.argv[2])
