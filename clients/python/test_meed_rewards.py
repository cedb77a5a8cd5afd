"""Calls every shim the way its trainer does, against a running server (MEED_URL) whose default profile is numeric-answer."""

import asyncio
import pickle
import unittest

import meed_rewards as meed


class ShimTests(unittest.TestCase):
    def test_verl_keys_are_constant_for_right_wrong_and_failed_rows(self):
        right = meed.compute_score("gsm8k", "so it is 42", "42", {"index": 0})
        wrong = meed.compute_score("gsm8k", "so it is 41", "42", None)
        failed = meed.compute_score("gsm8k", "so it is 41", None, {})
        self.assertEqual((right["score"], wrong["score"], failed["rm_failed"]), (1.0, 0.0, 1.0))
        self.assertEqual(set(right), set(wrong))
        self.assertEqual(set(right), set(failed))

    def test_verl_batch_keeps_the_order(self):
        rows = meed.compute_score_batch(["d"] * 3, ["1", "2", "3"], ["1", "0", "3"], [None] * 3)
        self.assertEqual([r["score"] for r in rows], [1.0, 0.0, 1.0])

    def test_trl_strings_messages_and_none(self):
        logged = {}
        reward = pickle.loads(pickle.dumps(meed.TrlReward(reference="gold")))
        values = reward(
            prompts=["q", [{"role": "user", "content": "q"}], "q"],
            completions=["42", [{"role": "assistant", "content": "it is 42"}], "42"],
            completion_ids=[[1], [2], [3]], gold=["42", "42", None], trainer_state=None,
            log_extra=lambda name, column: logged.update({name: column}), log_metric=lambda name, value: logged.update({name: value}))
        self.assertEqual(values, [1.0, 1.0, None])
        self.assertAlmostEqual(logged["meed/failed"], 1 / 3)
        self.assertEqual(len(logged["meed_reason"]), 3)

    def test_trl_from_environment_finds_the_usual_column(self):
        self.assertEqual(meed.meed_reward(["q"], ["7"], answer=["7"], trainer_state=None), [1.0])

    def test_swift_plain_strings(self):
        self.assertEqual(meed.MeedOrm()(["7", "8"], solution=["7", "7"], messages=[[], []]), [1.0, 0.0])

    def test_verifiers_scores_and_raises(self):
        self.assertEqual(asyncio.run(meed.meed_answer([{"role": "assistant", "content": "7"}], answer="7", state={})), 1.0)
        with self.assertRaises(meed.MeedError):
            asyncio.run(meed.meed_answer("7", answer=None))

    def test_nemo_rl_step(self):
        result = meed.MeedEnvironment({}).step([[{"role": "user", "content": "q"}, {"role": "assistant", "content": "7"}]], [{"ground_truth": "7"}])
        self.assertEqual([float(r) for r in result.rewards], [1.0])
        self.assertEqual(len(result.observations), 1)

    def test_empty_batch_needs_no_server(self):
        self.assertEqual(meed.MeedClient(url="http://127.0.0.1:9").score([]), [])

    def test_refused_request_names_the_reason_at_once(self):
        with self.assertRaisesRegex(meed.MeedError, "nowhere"):
            meed.MeedClient(profile="nowhere").score([{"response": "x"}])


if __name__ == "__main__":
    unittest.main()
