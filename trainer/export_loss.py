"""What rounding and souping cost: validation loss of the trained model beside the exported folder's, read back."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch.nn import functional

from trainer.base import Shape
from trainer.control import Control
from trainer.evaluate import evaluate
from trainer.job import Job
from trainer.merge import MIXTRAL
from trainer.model import Model
from trainer.order import Shard
from trainer.score import final_model

LARGEST_VALUES = 500_000_000  # weights that a CPU evaluates in fp32 within minutes
MOST_DOCUMENTS = 200


def exported_model(folder: Path, shape: Shape) -> Model:
    """An exported Hugging Face folder in fp32: the base's family, or a mixture whose experts run one by one."""
    tensors = {
        name: part.float() for path in sorted(folder.glob("*.safetensors")) for name, part in load_file(path).items()
    }
    config: dict[str, Any] = json.loads((folder / "config.json").read_text("utf-8"))
    count = config.get("num_local_experts") or config.get("num_experts")
    if not count:
        return Model(shape, tensors)
    is_qwen = config["model_type"] == "qwen3_moe"
    names = [f"{n}_proj" if is_qwen else MIXTRAL[n] for n in ("gate", "up", "down")]

    def mixture(x: torch.Tensor, layer: int) -> torch.Tensor:
        at = f"model.layers.{layer}.{'mlp' if is_qwen else 'block_sparse_moe'}"
        if f"{at}.gate.weight" not in tensors:
            gate, up, down = (tensors[f"{at}.{n}_proj.weight"] for n in ("gate", "up", "down"))
            return functional.linear(functional.silu(functional.linear(x, gate)) * functional.linear(x, up), down)
        p = functional.linear(x, tensors[f"{at}.gate.weight"]).softmax(-1)
        best, chosen = p.topk(config["num_experts_per_tok"])
        weight = torch.zeros(len(x), count).scatter_(1, chosen, best / best.sum(-1, keepdim=True))
        y = torch.zeros_like(x)
        for expert in range(count):
            rows = weight[:, expert].nonzero()[:, 0]
            gate, up, down = (tensors[f"{at}.experts.{expert}.{n}.weight"] for n in names)
            part = functional.silu(functional.linear(x[rows], gate)) * functional.linear(x[rows], up)
            y[rows] += weight[rows, expert, None] * functional.linear(part, down)
        return y

    return Model(shape, tensors, mixture=mixture)


def export_losses(run: Path, job: Job, folder: Path, control: Control) -> dict[str, Any]:
    """Losses over the same held-out documents; a reason instead where there are none or the model is too large."""
    shard = Shard(run, job.stages[-1].validation)
    rows = [[index] for index in range(min(MOST_DOCUMENTS, len(shard.docs)))]
    if not rows:
        return {"unmeasured": "no validation document"}
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors")) // 2
    if size > LARGEST_VALUES:
        return {"unmeasured": f"about {size / 1e9:.1f} billion weights are too many for a CPU"}
    trained = final_model(run, job)
    found = []
    for model in (trained, exported_model(folder, trained.shape)):
        result = evaluate(model, shard, rows, torch.device("cpu"), lambda: control.stop_reason() is not None)
        if result is None:
            return {"unmeasured": "stopped while evaluating"}
        found.append(result)
    return {"trained": found[0].loss, "exported": found[1].loss, "documents": len(rows), "tokens": found[0].tokens}
