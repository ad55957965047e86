"""Trained weights in the base's own terms: W + s·B·A, per expert, souped, or as they are (full training)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open

from trainer.base import Shape, weight_files

Tensors = dict[str, torch.Tensor]
MIXTRAL = {"gate": "w1", "down": "w2", "up": "w3"}


@dataclass(frozen=True)
class Trained:
    """A run's final state: `adapter.json` and its tensors, beside the base that they belong to."""

    base: Path
    shape: Shape
    facts: dict[str, Any]
    tensors: Tensors

    @property
    def mode(self) -> str:
        return str(self.facts["mode"])

    @property
    def layers(self) -> list[int]:
        return list(self.facts["moeLayers"])

    @property
    def experts(self) -> int:
        return len(self.facts["experts"])


class BaseReader:
    """The base's tensors one by one, each file opened once."""

    def __init__(self, folder: Path) -> None:
        self._files = weight_files(folder)
        self._open: dict[Path, Any] = {}

    def __call__(self, name: str) -> torch.Tensor:
        path = self._files[name]
        if path not in self._open:
            opened: Any = safe_open(path, "pt")
            self._open[path] = opened.__enter__()
        tensor: torch.Tensor = self._open[path].get_tensor(name)
        return tensor


def plus(weight: torch.Tensor, b: torch.Tensor, a: torch.Tensor, scale: float) -> torch.Tensor:
    """W + s·B·A, computed in fp32 at least."""
    wide = torch.promote_types(torch.promote_types(weight.dtype, torch.float32), a.dtype)
    return weight.to(wide) + scale * (b.to(wide) @ a.to(wide))


def attention_merged(trained: Trained, name: str, weight: torch.Tensor) -> torch.Tensor:
    """A base tensor with its plain LoRA term, if it has one."""
    at = name.removeprefix("model.").removesuffix(".weight")
    a = trained.tensors.get(f"{at}.lora_A")
    if a is None:
        return weight
    return plus(weight, trained.tensors[f"{at}.lora_B"], a, trained.facts["alpha"] / trained.facts["rank"])


def expert_merged(trained: Trained, layer: int, projection: str, expert: int, weight: torch.Tensor) -> torch.Tensor:
    at = f"layers.{layer}.mlp.experts.{projection}_proj"
    a, b = trained.tensors[f"{at}.lora_A"][expert], trained.tensors[f"{at}.lora_B"][expert]
    return plus(weight, b, a, trained.facts["expertAlpha"] / trained.facts["expertRank"])


def dense_tensors(trained: Trained, load: list[list[float]] | None) -> Iterator[tuple[str, torch.Tensor]]:
    """The base's family: merged LoRA; experts souped by `load`, ΔW formed before it is averaged."""
    if trained.mode == "full":
        yield from ((name, trained.tensors[name]) for name in trained.shape.tensors())
        return
    read = BaseReader(trained.base)
    for name in trained.shape.tensors():
        weight = read(name)
        parts = name.split(".")
        layer = int(parts[2]) if len(parts) > 4 else -1
        if trained.mode == "experts" and layer in trained.layers and parts[3] == "mlp":
            assert load is not None
            projection = parts[4].removesuffix("_proj")
            wide = weight.to(torch.promote_types(weight.dtype, torch.float32))
            delta = torch.zeros_like(wide)
            for expert in range(trained.experts):
                delta += load[layer][expert] * (
                    expert_merged(trained, layer, projection, expert, torch.zeros_like(wide))
                )
            yield name, wide + delta
        else:
            yield name, attention_merged(trained, name, weight)


def mixture_tensors(trained: Trained, routes_all: bool) -> Iterator[tuple[str, torch.Tensor]]:
    """A plain mixture, each expert whole. Where every layer must route, an unrouted one gets equal experts."""
    read = BaseReader(trained.base)
    is_qwen = trained.shape.family == "qwen3"
    for name in trained.shape.tensors():
        parts = name.split(".")
        if len(parts) <= 4 or parts[3] != "mlp":
            yield name, attention_merged(trained, name, read(name))
            continue
        layer, projection = int(parts[2]), parts[4].removesuffix("_proj")
        routed = layer in trained.layers
        weight = read(name)
        if not routes_all and not routed:
            yield name, attention_merged(trained, name, weight)
            continue
        at = f"model.layers.{layer}.{'mlp' if is_qwen else 'block_sparse_moe'}"
        if projection == "gate":
            none = torch.zeros(trained.experts, trained.shape.hidden)
            yield f"{at}.gate.weight", trained.tensors[f"layers.{layer}.mlp.router"] if routed else none
        for expert in range(trained.experts):
            last = f"{projection}_proj" if is_qwen else MIXTRAL[projection]
            whole = expert_merged(trained, layer, projection, expert, weight) if routed else weight
            yield f"{at}.experts.{expert}.{last}.weight", whole
