"""What the launcher asks of the worker: `job.json` of the run folder, checked against dataclasses."""

import dataclasses
import json
import types
import typing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from trainer.errors import bad_recipe

T = TypeVar("T")


@dataclass(frozen=True)
class Lora:
    rank: int
    alpha: float
    targets: list[str]


@dataclass(frozen=True)
class Moe:
    experts: list[str]
    top_k: int
    rank: int
    alpha: float
    balance: float
    z: float
    layers: int | None = None  # the last K layers; None is all of them


@dataclass(frozen=True)
class Stage:
    name: str
    mode: str  # full | lora | experts
    split: str  # the shards in data/ that it reads
    validation: str
    lr: float


@dataclass(frozen=True)
class Source:
    """One split to make: record files to read, or the built-in text; where its shards go."""

    split: str
    files: list[dict[str, Any]]  # {path, sha256, stage?}
    supervise: str  # assistant | all


@dataclass(frozen=True)
class Start:
    """Weights that the first stage starts from: another run's final ones."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Job:
    version: int
    run: str
    base: str
    make_base: bool
    seed: int
    length: int
    sources: list[Source]
    stages: list[Stage]
    lora: Lora
    moe: Moe
    weight_decay: float
    clip: float
    schedule: str
    warmup_steps: int
    warmup_share: float
    decay_share: float
    micro_rows: int
    recompute: str
    eval_every_steps: int  # at least four an epoch are made
    eval_max_rows: int
    checkpoint_every_steps: int | None
    checkpoint_every_minutes: float
    checkpoint_keep: int
    early_stopping: int | None
    deadline: float | None  # seconds since the epoch
    device: str
    threads: int
    deterministic: bool | None  # None: on a CPU
    compile: bool | None  # None: on a GPU, unless deterministic
    recipe_hash: str
    data_root: str
    allow_inexact: bool = False
    sample_tokens: int = 0  # of a reply at the end; 0 is none
    price_per_hour: float | None = None
    start: Start | None = None


def build(kind: type[T], value: Any, where: str) -> T:
    """A dataclass from parsed JSON: missing, surplus and wrongly typed keys are refused by name."""
    hints = typing.get_type_hints(kind)
    if not isinstance(value, dict):
        bad_recipe(f"{where} is no object", "Make the run again with `train run`.")
    surplus = sorted(set(value) - set(hints))
    if surplus:
        bad_recipe(f"{where} has the unknown key {surplus[0]}", "Make the run again with `train run`.")
    given = {key: convert(hints[key], item, f"{where}.{key}") for key, item in value.items()}
    fields = dataclasses.fields(kind)  # type: ignore[arg-type]
    for one in fields:
        optional = one.default is not dataclasses.MISSING or one.default_factory is not dataclasses.MISSING
        if one.name not in given and not optional:
            bad_recipe(f"{where}.{one.name} is missing", "Make the run again with `train run`.")
    return kind(**given)


def convert(kind: Any, value: Any, where: str) -> Any:
    """A JSON value as the annotated type."""
    if kind is Any:
        return value
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is list and isinstance(value, list):
        return [convert(inner[0], item, f"{where}[{index}]") for index, item in enumerate(value)]
    if origin is dict and isinstance(value, dict):
        return value
    if origin is types.UnionType:
        return None if value is None else convert(inner[0], value, where)
    if dataclasses.is_dataclass(kind):
        return build(typing.cast(type[Any], kind), value, where)
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(kind, type) and isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
        return value
    return bad_recipe(f"{where} has the wrong type", "Make the run again with `train run`.")


def read_job(run: Path) -> Job:
    """The job of a run folder."""
    path = run / "job.json"
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        bad_recipe(f"{path} is missing or no JSON", "Make the run with `training-ready train run`.")
    return build(Job, value, "job.json")
