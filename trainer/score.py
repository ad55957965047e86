"""`python -m trainer score|sample|eval --run DIR --out FILE`: what a finished run computes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from trainer.attention import Documents
from trainer.base import load_weights
from trainer.control import Control
from trainer.errors import STOPPED, WorkerError, bad_data
from trainer.evaluate import evaluate
from trainer.experts import ExpertSettings, Routing
from trainer.export import read_trained
from trainer.job import Job
from trainer.model import Model, forward
from trainer.order import Shard
from trainer.prepare import prepare_split
from trainer.reply import reply
from trainer.stages import base_folder
from trainer.tokens import ChatTokenizer

LARGEST_ROWS = 16_000_000  # values of all probabilities that are written
MULTILINGUAL = [
    "Hello there, how are you?",
    "Grüße aus Köln: 12,5 % für alle!",
    "漢字と かな、 カナ。",
    "Привет, как дела?",
    "مرحبا بالعالم",
    "नमस्ते दुनिया",
    "😀 emoji 👩‍👩‍👧 done",
    "tabs\tand\n\nlines  with   spaces",
    "it's I'LL we've 2024 v1.2.3",
]


def final_model(run: Path, job: Job, tuned: bool = True) -> Model:
    """The run's final model in fp32 on the CPU, or the base that it started from."""
    trained = read_trained(run, job)
    if trained.mode == "full":
        return Model(trained.shape, trained.tensors)
    weights = load_weights(base_folder(run, job), trained.shape, torch.float32, torch.device("cpu"))
    if not tuned:
        return Model(trained.shape, weights)
    facts, experts = trained.facts, None
    if trained.mode == "experts":
        scale = facts["expertAlpha"] / facts["expertRank"]
        experts = ExpertSettings(trained.experts, int(facts["topK"]), int(facts["expertRank"]), scale)
    return Model(trained.shape, weights, trained.tensors, facts["alpha"] / facts["rank"], experts)


def router_gaps(model: Model, routing: Routing) -> list[float]:
    """By position, over all layers: the smallest distance in logits between the last expert chosen and the next."""
    if model.experts is None or model.experts.top_k == model.experts.count:
        return []
    gaps = []
    for p in routing.p:
        if p is not None:
            best = p.log().topk(model.experts.top_k + 1, -1).values
            gaps.append(best[:, -2] - best[:, -1])
    return [float(f"{one:.6g}") for one in torch.stack(gaps).min(0).values.tolist()]


def score(run: Path, job: Job, out: Path, positions: int) -> None:
    """Next-token probabilities over held-out documents: `out` (JSON Lines of ids) and `out`.f32 (all probabilities)."""
    model, tokenizer = final_model(run, job), ChatTokenizer(base_folder(run, job))
    stage = job.stages[-1]
    shard = Shard(run, stage.validation)
    if not shard.docs:
        shard = Shard(run, stage.split)
    limit = max(1, min(positions, LARGEST_ROWS // model.shape.vocab))
    lines: list[dict[str, Any]] = []
    done = 0
    with open(out.with_name(out.name + ".f32"), "wb") as file, torch.no_grad():
        for doc in shard.docs:
            count = min(doc["length"], limit - done)
            if count <= 0:
                break
            ids = torch.from_numpy(shard.tokens[doc["offset"] : doc["offset"] + count].astype(np.int64))
            routing = Routing(model.shape.layers)
            hidden = forward(model, ids, Documents.of([count], torch.device("cpu")), routing)
            p = (hidden @ model.head.T).softmax(-1)
            file.write(p.numpy().astype("<f4").tobytes())
            lines.append({"ids": ids.tolist(), "gaps": router_gaps(model, routing)})
            done += count
    texts = [{"text": text, "ids": tokenizer.encode(text)} for text in MULTILINGUAL]
    body = {"vocabulary": model.shape.vocab, "sequences": lines, "texts": texts}
    out.write_text(json.dumps(body), "utf-8")


def evaluate_run(run: Path, job: Job, out: Path, control: Control) -> None:
    """Loss by domain of the base and of the tuned model, on the run's validation split or on `eval-source.json`'s."""
    split = job.stages[-1].validation
    asked = run / "data" / "eval-source.json"
    if asked.exists():
        files = json.loads(asked.read_text("utf-8"))
        from trainer.job import Source

        split = "evaluation"
        source = Source(split, files, "assistant")
        prepare_split(run, source, ChatTokenizer(base_folder(run, job)), job.length, control)
    shard = Shard(run, split)
    if not shard.docs:
        bad_data(f"the split {split} has no document", "Name a data set that has validation records with --data DIR.")
    rows = [[index] for index in range(len(shard.docs))]
    result: dict[str, Any] = {}
    for name in ("base", "tuned"):
        found = evaluate(
            final_model(run, job, name == "tuned"),
            shard,
            rows,
            torch.device("cpu"),
            lambda: control.stop_reason() is not None,
        )
        if found is None:
            raise WorkerError(STOPPED, "E_TRAIN_STOPPED", "stopped while evaluating", "Run it again.")
        result[name] = {"loss": found.loss, "tokens": found.tokens, "domains": found.domains}
    out.write_text(json.dumps(result), "utf-8")


def sample(run: Path, job: Job, out: Path, prompts: list[str], most: int) -> None:
    """Greedy replies of the base and of the tuned model to synthetic prompts."""
    tokenizer = ChatTokenizer(base_folder(run, job))
    models = {name: final_model(run, job, name == "tuned") for name in ("base", "tuned")}
    rows = []
    for prompt in prompts:
        messages = [{"role": "user", "content": prompt}]
        rows.append(
            {"prompt": prompt} | {name: reply(model, tokenizer, messages, most) for name, model in models.items()}
        )
    out.write_text(json.dumps(rows), "utf-8")
