"""What a stage trains on which base, and what must be the same for a resume to be exact."""

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import torch

from trainer.base import Shape, base_hash, load_weights, read_shape
from trainer.checkpoint import State
from trainer.errors import bad_recipe
from trainer.experts import ExpertSettings
from trainer.job import Job
from trainer.model import Model
from trainer.parameters import Parameters, fresh_adapter
from trainer.runtime import Runtime
from trainer.tiny_base import random_weights

CPU_PARAMETERS = 3_000_000_000  # beyond it `auto` does not mean a CPU


def base_folder(run: Path, job: Job) -> Path:
    """The base's folder: relative ones lie in the run."""
    return run / job.base


def routed_layers(job: Job, shape: Shape) -> list[int]:
    last = job.moe.layers or shape.layers
    return list(range(max(0, shape.layers - last), shape.layers))


def check_fit(job: Job, shape: Shape) -> None:
    """Refuses what the base cannot do before anything is computed."""
    if job.length > shape.context:
        bad_recipe(
            f"rows of {job.length} tokens are longer than the base's context of {shape.context}",
            f"Use --set length={shape.context}.",
        )
    if shape.window is not None and job.length > shape.window:
        bad_recipe(
            f"the base attends over {shape.window} tokens (sliding window), rows have {job.length}",
            f"Use --set length={shape.window}.",
        )
    values = sum(math.prod(size) for size in shape.tensors().values())
    if values > CPU_PARAMETERS and job.device == "auto" and not torch.cuda.is_available():
        bad_recipe(
            f"a base of {values / 1e9:.1f} billion weights needs a GPU and this machine has none",
            "Use a machine with one, or --set device=cpu to try all the same.",
        )
    if shape.family == "qwen2" and any(stage.mode == "experts" for stage in job.stages):
        bad_recipe("experts need a Llama, Mistral or Qwen3 base: Qwen2 has no mixture form", "Use the recipe lora.")


def stage_model(run: Path, job: Job, index: int, runtime: Runtime, stand_in: bool = False) -> tuple[Model, Parameters]:
    """The stage's model with its parameters in place; `stand_in` takes random weights for a base yet to be trained."""
    stage, folder = job.stages[index], base_folder(run, job)
    if stage.mode == "full":
        if job.make_base:
            shape, start = random_weights(folder, job.seed)
        else:
            shape = read_shape(folder)
            start = load_weights(folder, shape, torch.float32, torch.device("cpu"))
        check_fit(job, shape)
        parameters = Parameters(start, runtime.device, torch.promote_types(runtime.dtype, torch.float32))
        model = Model(shape, parameters.views, attention=runtime.attention, recompute=job.recompute)
        return model, parameters
    shape = read_shape(folder)
    check_fit(job, shape)
    if stand_in and job.make_base:
        weights = random_weights(folder, job.seed)[1]
    else:
        weights = load_weights(folder, shape, runtime.dtype, runtime.device)
    dtype = torch.promote_types(runtime.dtype, torch.float32)
    parameters = Parameters(fresh_adapter(job, stage, shape), runtime.device, dtype)
    experts = None
    if stage.mode == "experts":
        experts = ExpertSettings(len(job.moe.experts), job.moe.top_k, job.moe.rank, job.moe.alpha / job.moe.rank)
    model = Model(
        shape, weights, parameters.views, job.lora.alpha / job.lora.rank, experts, runtime.attention, job.recompute
    )
    return model, parameters


def stage_sizes(run: Path, job: Job, index: int) -> dict[str, tuple[int, ...]]:
    """Names and shapes of what a stage trains."""
    shape = read_shape(base_folder(run, job))
    if job.stages[index].mode == "full":
        return shape.tensors()
    return {name: tuple(one.shape) for name, one in fresh_adapter(job, job.stages[index], shape).items()}


def hashes_of(run: Path, job: Job, order_hash: str) -> dict[str, str]:
    """Base, tokenizer, data, order, recipe: a resume with any other is refused."""
    folder = base_folder(run, job)
    own = hashlib.sha256((folder / "config.json").read_bytes()).hexdigest() if job.make_base else None
    prepared: dict[str, Any] = json.loads((run / "data" / "prepared.json").read_text("utf-8"))
    return {
        "base": own or base_hash(folder),
        "tokenizer": str(prepared["tokenizer"]),
        "data": job.data_root,
        "order": order_hash,
        "recipe": job.recipe_hash,
        **({} if job.start is None else {"start": job.start.sha256}),
    }


def check_same(before: State, now: State, job: Job) -> list[str]:
    """Refuses another base, data, order or recipe; gives what else differs, if that is allowed."""
    for name, value in now.hashes.items():
        if before.hashes.get(name) != value:
            bad_recipe(
                f"the run was made with another {name}", "Resume with the same one, or start a new run.",
                "E_TRAIN_CHANGED",
            )  # fmt: skip
    earlier = {"compile": False} | before.environment  # earlier versions compiled nothing
    other = [key for key, value in now.environment.items() if earlier.get(key) != value]
    if other and not job.allow_inexact:
        bad_recipe(
            f"the run was made with another {', '.join(other)}: going on would not be exact",
            "Go on where it began, or add --allow-inexact.", "E_TRAIN_INEXACT",
        )  # fmt: skip
    return other
