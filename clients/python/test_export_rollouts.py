"""Tests of export_rollouts that need neither torch nor pandas; with torch, a stored file goes all the way."""

import enum
import json
import subprocess
import sys
import tempfile
import unittest

import export_rollouts


class Status(enum.Enum):
    COMPLETED = "completed"


class Column:
    """Stands for a tensor or an array."""

    def tolist(self):
        return [1, float("nan")]


class ExportTests(unittest.TestCase):
    def test_slime_keeps_the_text_fields_and_has_only_json_values(self):
        stored = {"rollout_id": 3, "samples": [{"group_index": 1, "prompt": "p", "response": "r\ud800", "reward": {"acc": float("inf")}, "status": Status.COMPLETED, "tokens": [1, 2], "metadata": {"t": Column()}}]}
        (row,) = export_rollouts.slime_rows(stored)
        self.assertEqual(row["status"], "completed")
        self.assertEqual((row["reward"], row["metadata"], row["response"]), ({"acc": None}, {"t": [1, None]}, "r\ufffd"))
        self.assertEqual((row["rollout_id"], row["label"], "tokens" in row), (3, None, False))
        json.dumps(row, allow_nan=False)

    def test_trl_turns_nan_into_null(self):
        (row,) = export_rollouts.trl_rows([{"step": 1, "prompt": "p", "completion": "c", "accuracy_reward": float("nan"), "advantage": 0.5}])
        self.assertIsNone(row["accuracy_reward"])

    def test_usage_is_a_sentence(self):
        run = subprocess.run([sys.executable, "export_rollouts.py", "other"], capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        self.assertIn("usage", run.stderr)

    def test_a_stored_file_with_torch(self):
        try:
            import torch
        except ImportError:
            self.skipTest("torch is not installed")
        with tempfile.NamedTemporaryFile(suffix=".pt") as file:
            torch.save({"rollout_id": 0, "samples": [{"group_index": 0, "prompt": "p", "response": "r", "reward": torch.tensor(0.5)}]}, file.name)
            run = subprocess.run([sys.executable, "export_rollouts.py", "slime", file.name], capture_output=True, text=True, check=True)
        self.assertEqual(json.loads(run.stdout)["reward"], 0.5)


if __name__ == "__main__":
    unittest.main()
