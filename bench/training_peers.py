"""Tokens a CPU second beside Transformers Trainer + PEFT, on the same tiny shapes, documents and thread.

Run from the repository root, with trainer/requirements-test.txt installed:
`OMP_NUM_THREADS=1 trainer/.venv/bin/python -m bench.training_peers`

Ours packs; the peer pads to the longest of a batch, as its stock collator does. Real tokens count, not padding. The
explicit mixture has all experts whole, LoRA on attention and on the experts' matrices (PEFT target_parameters).
"""

import hashlib
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM, MixtralConfig, MixtralForCausalLM, Trainer, TrainingArguments

from trainer.attention import Documents
from trainer.base import load_weights, read_shape
from trainer.experts import ExpertSettings, Routing
from trainer.job import Job, build
from trainer.loss import cross_entropy
from trainer.model import Model, forward
from trainer.parameters import Parameters, fresh_adapter
from trainer.tests.jobs import job_value

SHAPE: dict[str, Any] = {
    "vocab_size": 512, "hidden_size": 128, "intermediate_size": 384, "num_hidden_layers": 4, "num_attention_heads": 8,
    "num_key_value_heads": 4, "max_position_embeddings": 1024,
}  # fmt: skip
STEPS, ROW, ROWS, RANK = 8, 512, 4, 8


def documents() -> list[list[int]]:
    """Log-normal lengths, the same for both."""
    generator = np.random.default_rng(5)
    lengths = np.clip(np.exp(generator.normal(5.0, 0.6, STEPS * ROWS * 3)), 16, ROW).astype(int)
    return [generator.integers(0, SHAPE["vocab_size"], length).tolist() for length in lengths]


def packed(docs: list[list[int]]) -> list[list[list[int]]]:
    """Rows of documents, first fit; four rows a step."""
    rows: list[list[list[int]]] = []
    for doc in sorted(docs, key=len, reverse=True):
        row = next((one for one in rows if sum(map(len, one)) + len(doc) <= ROW), None)
        if row is None:
            rows.append([doc])
        else:
            row.append(doc)
    order = np.random.default_rng(1).permutation(len(rows))
    return [rows[index] for index in order]


def ours(folder: Path, mode: str, docs: list[list[int]]) -> float:
    value = job_value(folder, mode)
    value["lora"] |= {"rank": RANK, "alpha": 2 * RANK}
    value["moe"] |= {"rank": RANK, "alpha": 2 * RANK}
    job: Job = build(Job, value, "job.json")
    shape = read_shape(folder)
    weights = load_weights(folder, shape, torch.float32, torch.device("cpu"))
    parameters = Parameters(fresh_adapter(job, job.stages[0], shape), torch.device("cpu"))
    experts = ExpertSettings(4, 2, job.moe.rank, 2.0) if mode == "experts" else None
    model = Model(shape, weights, parameters.views, 2.0, experts)
    f = torch.full((shape.layers, 4), 0.5)
    rows = packed(docs)
    started, tokens = time.process_time(), 0
    for step in range(STEPS):
        flat = [doc for row in rows[step * ROWS : (step + 1) * ROWS] for doc in row]
        ids = torch.tensor([token for doc in flat for token in doc])
        batch = Documents.of([len(doc) for doc in flat], torch.device("cpu"))
        places = torch.cat([torch.arange(a, b - 1) for a, b in batch.bounds])
        routing = Routing(shape.layers) if experts else None
        hidden = forward(model, ids, batch, routing)
        total, _ = cross_entropy(hidden[places], model.head, ids[places + 1])
        loss = total / len(places)
        if routing is not None:
            balance, z = routing.losses(f, len(ids))
            loss = loss + 0.01 * balance + 0.001 * z
        parameters.gradient.zero_()
        loss.backward()  # type: ignore[no-untyped-call]
        parameters.clip(1.0)
        parameters.update(1e-4, step + 1, 0.0)
        tokens += len(ids)
    return tokens / (time.process_time() - started)


def collate(rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
    longest = max(len(row["input_ids"]) for row in rows)
    ids = torch.tensor([row["input_ids"] + [0] * (longest - len(row["input_ids"])) for row in rows])
    mask = torch.tensor([[1] * len(row["input_ids"]) + [0] * (longest - len(row["input_ids"])) for row in rows])
    return {"input_ids": ids, "attention_mask": mask, "labels": ids.masked_fill(mask == 0, -100)}


def peer(make: Callable[[], Any], docs: list[list[int]], lora: dict[str, Any]) -> float:
    wrap: Any = get_peft_model
    model = wrap(make(), LoraConfig(r=RANK, lora_alpha=16, lora_dropout=0.0, bias="none", **lora))
    batch = max(1, round(ROWS * ROW / (sum(map(len, docs)) / len(docs))))
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            folder, per_device_train_batch_size=batch, max_steps=STEPS, learning_rate=1e-4, logging_strategy="no",
            save_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True, dataloader_pin_memory=False,
        )  # fmt: skip
        trainer: Any = Trainer
        dataset: Any = [{"input_ids": doc} for doc in docs] * 4
        one = trainer(model=model, args=arguments, train_dataset=dataset, data_collator=collate)
        started = time.process_time()
        one.train()
        spent = time.process_time() - started
    return STEPS * batch * (sum(map(len, docs)) / len(docs)) / spent


def main() -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    docs = documents()
    linear = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    mixture: Any = MixtralConfig
    dense: Any = LlamaConfig
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model: Any = LlamaForCausalLM(dense(**SHAPE))
        model.save_pretrained(folder)
        runs: dict[str, Callable[[], float]] = {
            "dense LoRA, ours": lambda: ours(folder, "lora", docs),
            "dense LoRA, Trainer + PEFT": lambda: peer(
                lambda: LlamaForCausalLM(dense(**SHAPE)), docs, {"target_modules": linear}
            ),
            "experts, ours": lambda: ours(folder, "experts", docs),
            "experts, explicit Mixtral + PEFT": lambda: peer(
                lambda: MixtralForCausalLM(
                    mixture(**SHAPE, num_local_experts=4, num_experts_per_tok=2, output_router_logits=True)
                ),
                docs,
                {
                    "target_modules": linear[:4],
                    "target_parameters": ["mlp.experts.gate_up_proj", "mlp.experts.down_proj"],
                },
            ),
        }
        best: dict[str, float] = {}
        for _ in range(2):  # interleaved, the better of two
            for label, run in runs.items():
                best[label] = max(best.get(label, 0.0), run())
    for label, speed in best.items():
        print(f"{label}: {speed:.0f} tokens a CPU second")
    a, b, c, d = best.values()
    digest = hashlib.sha256(json.dumps(docs).encode()).hexdigest()[:12]
    print(f"dense {a / b:.2f} times, experts {c / d:.2f} times; documents {digest}")


if __name__ == "__main__":
    main()
