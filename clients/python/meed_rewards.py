"""Rewards from a Meed server inside trainers that call Python functions.

One file, standard library only: copy it next to your training script. It needs a running `meed serve`.

    MEED_URL        address of the server, http://127.0.0.1:8600
    MEED_PROFILE    profile to score with; the server's default profile when empty
    MEED_TOKEN      bearer token, when the profile asks for one
    MEED_REFERENCE  data column that holds the reference answer; the usual names are tried when empty

A row that Meed could not judge (its own failure, never the policy's) has no number: TRL is given None for it, verl and ms-swift get the
profile's stated value together with rm_failed = 1, verifiers and NeMo-RL see an exception or a masked row.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
import time
from urllib.parse import quote, urlsplit

REFERENCE_COLUMNS = ("reference", "ground_truth", "answer", "solution", "label", "expected_answer")


class MeedError(RuntimeError):
    """The server could not be reached or refused the request; the message says which."""


class MeedClient:
    """Scores samples over HTTP. Safe to use from several threads and to pickle."""

    def __init__(self, url=None, profile=None, token=None, timeout=100.0, tries=6):
        self.url = url or os.environ.get("MEED_URL", "http://127.0.0.1:8600")
        self.profile = profile if profile is not None else os.environ.get("MEED_PROFILE", "")
        self.token = token if token is not None else os.environ.get("MEED_TOKEN", "")
        self.timeout = timeout
        self.tries = tries
        self._local = threading.local()

    def __getstate__(self):
        state = dict(self.__dict__)
        del state["_local"]
        return state

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._local = threading.local()

    def score(self, samples):
        """Scores a list of {"response", "prompt"?, "reference"?, "item"?}; gives one result per sample, in order."""
        samples = list(samples)
        if not samples:
            return []
        path = ("/p/" + quote(self.profile, safe="") if self.profile else "") + "/v1/score"
        results = self._post(path, {"samples": samples})["results"]
        if len(results) != len(samples):
            raise MeedError(f"{self.url}: {len(samples)} samples sent, {len(results)} results came back.")
        return results

    def _post(self, path, body):
        data = json.dumps(body).encode("ascii")
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        last = ""
        for attempt in range(self.tries):
            if attempt:
                time.sleep(min(2.0 ** (attempt - 1), 10.0) * (0.5 + random.random()))
            try:
                connection = self._connection()
                connection.request("POST", self._prefix() + path, data, headers)
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException) as error:
                self._drop()
                last = str(error) or type(error).__name__
                continue
            if answer.status == 200:
                return json.loads(text)
            last = _detail(text) or f"status {answer.status}"
            if answer.status < 500 and answer.status != 429:
                break
        raise MeedError(f"{self.url}{path}: {last}")

    def _prefix(self):
        return urlsplit(self.url).path.rstrip("/")

    def _connection(self):
        connection = getattr(self._local, "connection", None)
        if connection is None:
            parts = urlsplit(self.url)
            kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            connection = self._local.connection = kind(parts.hostname, parts.port, timeout=self.timeout)
        return connection

    def _drop(self):
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None


def _detail(text):
    try:
        return json.loads(text).get("detail", "")
    except (ValueError, AttributeError):
        return ""


def _failed(result):
    return result["status"] not in ("ok", "not_applicable")


def _text(completion):
    """The text of a completion: a string, or the contents of its assistant messages."""
    if isinstance(completion, str):
        return completion
    parts = []
    for message in completion:
        content = message.get("content") if message.get("role", "assistant") == "assistant" else None
        if isinstance(content, list):
            content = "".join(part.get("text", "") for part in content if isinstance(part, dict))
        parts.append(content or "")
    return "".join(parts)


def _plain(value):
    """What can travel as JSON; numpy scalars and the like become Python values."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    item = getattr(value, "item", None)
    return _plain(item()) if callable(item) else str(value)


def _column(columns):
    """The reference column of a batch."""
    name = os.environ.get("MEED_REFERENCE", "")
    if name:
        if name not in columns:
            raise MeedError(f"MEED_REFERENCE names the column '{name}', the batch has: {', '.join(sorted(columns))}.")
        return columns[name]
    return next((columns[n] for n in REFERENCE_COLUMNS if n in columns), None)


_client = None
_client_lock = threading.Lock()


def client():
    """The process-wide client, made from the environment on first use."""
    global _client
    with _client_lock:
        if _client is None:
            _client = MeedClient()
        return _client


# verl: custom_reward_function.path=meed_rewards.py custom_reward_function.name=compute_score


def _verl(result):
    # The same keys on every row: verl takes the key set from the first one.
    row = {"score": float(result["reward"]), "rm_failed": 1.0 if _failed(result) else 0.0}
    row.update({"meed/" + name: float(value) for name, value in result["components"].items()})
    return row


def compute_score(data_source, solution_str, ground_truth, extra_info=None, **_):
    """verl, one sample a call (naive, dapo and prime managers)."""
    return _verl(client().score([{"response": solution_str, "reference": _plain(ground_truth)}])[0])


def compute_score_batch(data_sources, solution_strs, ground_truths, extra_infos=None, **_):
    """verl's batch manager: custom_reward_function.name=compute_score_batch."""
    samples = [{"response": s, "reference": _plain(g)} for s, g in zip(solution_strs, ground_truths)]
    return [_verl(result) for result in client().score(samples)]


# TRL: GRPOTrainer(reward_funcs=[meed_reward]) or reward_funcs=[TrlReward(profile="maths", reference="answer")]


class TrlReward:
    """A TRL reward function; module-level and picklable, as its async trainer needs."""

    def __init__(self, profile=None, reference=None, url=None, token=None, name="meed"):
        self.client = MeedClient(url=url, profile=profile, token=token)
        self.reference = reference
        self.__name__ = name

    def __call__(self, prompts, completions, completion_ids=None, log_extra=None, log_metric=None, **columns):
        references = columns.get(self.reference) if self.reference else _column(columns)
        samples = []
        for i, completion in enumerate(completions):
            sample = {"response": _text(completion), "prompt": prompts[i] if isinstance(prompts[i], str) else _plain(prompts[i])}
            if references is not None:
                sample["reference"] = _plain(references[i])
            samples.append(sample)
        results = self.client.score(samples)
        if log_extra is not None:
            log_extra("meed_reason", [r.get("reason", "") for r in results])
        if log_metric is not None and results:
            log_metric("meed/failed", sum(map(_failed, results)) / len(results))
            for name in results[0]["components"]:
                log_metric("meed/" + name, sum(r["components"][name] for r in results) / len(results))
        return [None if r["status"] != "ok" else float(r["reward"]) for r in results]


def meed_reward(prompts, completions, **kwargs):
    """TRL, configured by the environment."""
    return TrlReward()(prompts, completions, **kwargs)


# ms-swift: --external_plugins meed_rewards.py --reward_funcs meed

try:
    from swift.rewards.orm import ORM as _Orm, orms as _orms
except ImportError:
    try:
        from swift.plugin.orm import ORM as _Orm, orms as _orms
    except ImportError:
        _Orm, _orms = object, {}


class MeedOrm(_Orm):
    """An ms-swift outcome reward. Keep the reference in a column of its own: the assistant turn of the data is dropped there."""

    def __init__(self, *_, **__):
        self.client = MeedClient()

    def __call__(self, completions, **columns):
        references = _column(columns)
        samples = [{"response": c} if references is None else {"response": c, "reference": _plain(references[i])} for i, c in enumerate(completions)]
        return [float(r["reward"]) for r in self.client.score(samples)]


_orms["meed"] = MeedOrm


# verifiers: Rubric(funcs=[meed_answer]), or x = {fn = "meed_rewards.py:meed_answer"}


async def meed_answer(completion, answer="", **_):
    """A verifiers reward function. A failure of ours raises, so that the rollout is not scored 0 for it."""
    import asyncio

    result = (await asyncio.to_thread(client().score, [{"response": _text(completion), "reference": _plain(answer)}]))[0]
    if _failed(result):
        raise MeedError(f"{result['status']}: {result.get('reason', '')}")
    return float(result["reward"])


# NeMo-RL: wrap MeedEnvironment in a Ray actor, as its other environments are

try:
    from nemo_rl.environments.interfaces import EnvironmentInterface as _Environment, EnvironmentReturn as _Return
except ImportError:
    from collections import namedtuple

    _Environment = object
    _Return = namedtuple("EnvironmentReturn", "observations metadata next_stop_strings rewards terminateds answers")


class MeedEnvironment(_Environment):
    """Scores the last assistant turn of each dialogue; one step, then done."""

    def __init__(self, cfg=None):
        cfg = cfg or {}
        self.client = MeedClient(url=cfg.get("url"), profile=cfg.get("profile"), token=cfg.get("token"))
        self.reference = cfg.get("reference", "ground_truth")

    def step(self, message_log_batch, metadata):
        samples = []
        for log, meta in zip(message_log_batch, metadata):
            last = next((m for m in reversed(log) if m.get("role") == "assistant"), {"content": ""})
            samples.append({"response": _text([last]), "reference": _plain((meta or {}).get(self.reference))})
        results = self.client.score(samples)
        if any(_failed(r) for r in results):
            bad = next(r for r in results if _failed(r))
            raise MeedError(f"{sum(map(_failed, results))} of {len(results)} rows failed, the first with {bad['status']}: {bad.get('reason', '')}")
        rewards, done = [float(r["reward"]) for r in results], [True] * len(results)
        try:
            import torch

            rewards, done = torch.tensor(rewards), torch.tensor(done)
        except ImportError:
            pass
        observations = [{"role": "environment", "content": f"reward {r['reward']}"} for r in results]
        return _Return(observations, metadata, [None] * len(results), rewards, done, None)

    def global_post_process_and_metrics(self, batch):
        rewards = batch["total_reward"] if "total_reward" in batch else batch["rewards"]
        values = [float(r) for r in rewards]
        return batch, {"meed/reward": sum(values) / max(1, len(values))}
