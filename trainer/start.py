"""Weights that a run starts from: another run's final ones."""

import hashlib
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from trainer.errors import bad_recipe
from trainer.job import Job


def start_weights(job: Job, sizes: dict[str, tuple[int, ...]]) -> dict[str, torch.Tensor] | None:
    """Another run's final weights, checked by hash, names and shapes; None where the job names none."""
    if job.start is None:
        return None
    path = Path(job.start.path)
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        tensors = load_file(path) if found == job.start.sha256 else None
    except (OSError, SafetensorError):
        tensors = None
    if tensors is None:
        bad_recipe(f"{path} is not there any more, or changed", "Make the run again from a finished one.")
    if {name: tuple(part.shape) for name, part in tensors.items()} != sizes:
        bad_recipe(
            f"{path} holds other weights than the first stage trains",
            "Mode, ranks, targets and experts must be those of the run that it starts from.",
        )
    return tensors
