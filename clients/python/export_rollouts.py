"""Writes rollouts that trainers store in formats of their own as JSON Lines, for `meed rescore` and `meed audit`.

    python export_rollouts.py slime rollout_3.pt > rollouts.jsonl
    python export_rollouts.py trl output/completions/completions_00010.parquet > rollouts.jsonl

slime: the files of --save-debug-rollout-data. Needs torch, and slime where the samples hold its classes. Loading a .pt file runs code that it
contains: export only files that you made yourself.
trl: the tables of log_completions=True. Needs pandas with a Parquet engine, which TRL brings.

Only the standard library is imported beside these. Numbers that are NaN or infinite are written as null, which JSON has.
"""

import json
import math
import sys

SLIME_FIELDS = ("group_index", "index", "prompt", "response", "response_length", "label", "reward", "status", "metadata")


def plain(value):
    """The value in terms of JSON: tensors and arrays as lists, enums as their value, what has no JSON form as null."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # a lone surrogate has no JSON form
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    for method in ("tolist", "item"):
        if hasattr(value, method):
            return plain(getattr(value, method)())
    return plain(value.value) if hasattr(value, "value") else None


def slime_rows(stored):
    """Rows of a stored rollout, {"rollout_id": ..., "samples": [...]}; token ids and log-probabilities are left out."""
    for sample in stored["samples"]:
        row = {"rollout_id": plain(stored.get("rollout_id"))}
        row.update((name, plain(sample.get(name))) for name in SLIME_FIELDS)
        yield row


def trl_rows(records):
    """Rows of a completions table as dictionaries."""
    for record in records:
        yield {str(name): plain(value) for name, value in record.items()}


def main(arguments):
    if len(arguments) < 2 or arguments[0] not in ("slime", "trl"):
        print("usage: export_rollouts.py slime|trl FILE [FILE ...]", file=sys.stderr)
        return 2
    for path in arguments[1:]:
        if arguments[0] == "slime":
            import torch

            rows = slime_rows(torch.load(path, weights_only=False, map_location="cpu"))
        else:
            import pandas

            rows = trl_rows(pandas.read_parquet(path).to_dict("records"))
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=True, allow_nan=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
