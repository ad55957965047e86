"""Plain LoRA against PEFT; assistant-only loss against Transformers' labels."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model

from trainer.attention import Documents
from trainer.base import load_weights, read_shape
from trainer.job import Job, build
from trainer.loss import cross_entropy
from trainer.model import Model, forward, logits
from trainer.parameters import Parameters, fresh_adapter
from trainer.tests.bases import CONFIGS, VOCABULARY, write_base
from trainer.tests.jobs import job_value
from trainer.tokens import ChatTokenizer, Counts

CPU = torch.device("cpu")


def lora_model(folder: Path, dtype: torch.dtype) -> tuple[Model, Parameters]:
    """The base with random LoRA on every linear layer."""
    job: Job = build(Job, job_value(folder, "lora"), "job.json")
    shape = read_shape(folder)
    adapter = fresh_adapter(job, job.stages[0], shape)
    generator = torch.Generator().manual_seed(9)
    for name, part in adapter.items():
        adapter[name] = torch.randn(part.shape, generator=generator) * 0.1
    parameters = Parameters(adapter, CPU, dtype)
    scale = job.lora.alpha / job.lora.rank
    return Model(shape, load_weights(folder, shape, dtype, CPU), parameters.views, scale), parameters


def peft_model(oracle: Any, adapter: dict[str, torch.Tensor]) -> Any:
    targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    wrap: Any = get_peft_model
    wrapped = wrap(oracle, LoraConfig(r=4, lora_alpha=8, lora_dropout=0.0, target_modules=targets, bias="none"))
    state = dict(wrapped.named_parameters())
    with torch.no_grad():
        for name, part in adapter.items():
            layer, rest = name.removeprefix("layers.").split(".", 1)
            state[f"base_model.model.model.layers.{layer}.{rest}.default.weight"].copy_(part)
    return wrapped


@pytest.mark.parametrize("family", CONFIGS)
def test_lora_is_that_of_peft(family: str, tmp_path: Path) -> None:
    oracle = write_base(tmp_path, family).double()
    model, parameters = lora_model(tmp_path, torch.float64)
    theirs = peft_model(oracle, model.adapter).double()
    ids = torch.randint(0, VOCABULARY, (70,), generator=torch.Generator().manual_seed(1))
    documents = Documents.of([70], CPU)
    with torch.no_grad():
        assert (logits(model, ids, documents) - theirs(ids[None]).logits[0]).abs().max() < 2e-5
    total, _ = cross_entropy(forward(model, ids, documents)[:-1], model.head, ids[1:])
    (total / 69).backward()  # type: ignore[no-untyped-call]
    theirs(ids[None], labels=ids[None]).loss.backward()
    state = dict(theirs.named_parameters())
    for name, gradient in parameters.named(parameters.gradient).items():
        layer, rest = name.removeprefix("layers.").split(".", 1)
        other = state[f"base_model.model.model.layers.{layer}.{rest}.default.weight"].grad
        assert (gradient - other).norm() / other.norm().clamp_min(1e-12) < 1e-5, name


def test_loss_counts_assistant_turns_only(tmp_path: Path) -> None:
    oracle = write_base(tmp_path, "llama").double()
    tokenizer = ChatTokenizer(tmp_path)
    talk = [
        {"role": r, "content": c} for r, c in (("user", "hi"), ("assistant", "yes"), ("user", "a"), ("assistant", "b"))
    ]
    (part,) = tokenizer.conversation(talk, 256, Counts())
    ids, mask = torch.tensor(part.ids), torch.tensor(part.mask).bool()
    shape = read_shape(tmp_path)
    model = Model(shape, load_weights(tmp_path, shape, torch.float64, CPU))
    places = torch.nonzero(mask)[:, 0]
    hidden = forward(model, ids, Documents.of([len(ids)], CPU))
    total, _ = cross_entropy(hidden[places - 1], model.head, ids[places])
    labels = torch.where(mask, ids, -100)
    theirs = oracle(ids[None], labels=labels[None]).loss
    assert abs(float(total) / len(places) - float(theirs)) < 1e-6


def test_a_fresh_adapter_leaves_the_base_as_it_is(tmp_path: Path) -> None:
    write_base(tmp_path, "llama")
    shape = read_shape(tmp_path)
    weights = load_weights(tmp_path, shape, torch.float32, CPU)
    ids = torch.arange(40)
    documents = Documents.of([40], CPU)
    plain = logits(Model(shape, weights), ids, documents)
    for mode in ("lora", "experts"):
        job: Job = build(Job, job_value(tmp_path, mode), "job.json")
        from trainer.experts import ExpertSettings

        experts = ExpertSettings(4, 2, job.moe.rank, 2.0) if mode == "experts" else None
        adapter = fresh_adapter(job, job.stages[0], shape)
        tuned = logits(Model(shape, weights, adapter, 2.0, experts), ids, documents)
        assert (tuned - plain).abs().max() <= 1e-5


def test_names_are_those_of_the_contract(tmp_path: Path) -> None:
    write_base(tmp_path, "qwen3")
    shape = read_shape(tmp_path)
    job: Job = build(Job, job_value(tmp_path, "experts"), "job.json")
    sizes = {name: tuple(part.shape) for name, part in fresh_adapter(job, job.stages[0], shape).items()}
    assert sizes["layers.1.self_attn.q_proj.lora_A"] == (4, 32)
    assert sizes["layers.1.self_attn.q_proj.lora_B"] == (48, 4)
    assert sizes["layers.0.mlp.router"] == (4, 32)
    assert sizes["layers.0.mlp.experts.down_proj.lora_A"] == (4, 3, 48)
    assert sizes["layers.0.mlp.experts.down_proj.lora_B"] == (4, 32, 3)
    assert len(sizes) == 2 * (8 + 1 + 6)
    assert json.dumps(sorted(sizes)) == json.dumps(sorted(set(sizes)))
