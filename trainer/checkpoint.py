"""Checkpoints: a folder that is there whole or not at all, safetensors and JSON only, old ones removed last."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from trainer.errors import STOPPED, WorkerError, bad_data
from trainer.events import EventLog
from trainer.parameters import Parameters, Tensors
from trainer.ranks import SilentLog


@dataclass
class State:
    """What a resume needs beside the tensors; `cursor` is the next step of `stage`."""

    step: int = 0
    stage: int = 0
    cursor: int = 0
    tokens: int = 0
    supervised: int = 0
    seconds: float = 0.0
    joules: float | None = None
    stage_tokens: int = 0
    best_loss: float | None = None
    best_step: int | None = None
    evals_without_gain: int = 0
    f: list[list[float]] = field(default_factory=list)
    early: list[int] | None = None
    last_step: int | None = None  # written by earlier versions
    decisions: list[dict[str, Any]] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    environment: dict[str, Any] = field(default_factory=dict)
    inexact: list[str] = field(default_factory=list)


def write_synced(path: Path, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def contiguous(tensors: Tensors) -> Tensors:
    return {name: tensors[name].detach().to("cpu", copy=True).contiguous() for name in sorted(tensors)}


def point_to(run: Path, folder: Path) -> None:
    """Moves `latest` by renaming a new link over it."""
    link = run / f"latest.{os.getpid()}.tmp"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.relative_to(run))
    os.replace(link, run / "latest")
    sync_folder(run)


def save_checkpoint(run: Path, parameters: Parameters, state: State, keep: int) -> tuple[Path, int]:
    """Writes a checkpoint, moves `latest`, removes what `keep` and the best one do not need; gives its bytes."""
    folder = run / "checkpoints" / f"step-{state.step:08d}"
    temporary = run / "checkpoints" / f".tmp-{state.step:08d}"
    moments = {f"exp_avg.{name}": part for name, part in parameters.named(parameters.first).items()}
    moments |= {f"exp_avg_sq.{name}": part for name, part in parameters.named(parameters.second).items()}
    files = {
        "adapter.safetensors": save(contiguous(parameters.views)),
        "optim.safetensors": save(contiguous(moments)),
        "state.json": json.dumps(vars(state), indent=1).encode() + b"\n",
    }
    try:
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        for name, data in files.items():
            write_synced(temporary / name, data)
        sync_folder(temporary)
        if folder.exists():  # written before by an earlier attempt: the same step has the same bytes
            shutil.rmtree(folder)
        os.replace(temporary, folder)
        sync_folder(folder.parent)
        point_to(run, folder)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        message = f"no space for the checkpoint of step {state.step}; the last good one is kept"
        raise WorkerError(STOPPED, "E_TRAIN_DISK_FULL", message, "Free space, then `train resume`.") from error
    for old in sorted(run.glob("checkpoints/step-*"))[:-keep]:
        if old != folder and old.name != f"step-{state.best_step or -1:08d}":
            shutil.rmtree(old, ignore_errors=True)
    return folder, sum(len(data) for data in files.values())


def read_checkpoint(folder: Path) -> tuple[State, Tensors, Tensors]:
    try:
        state = State(**json.loads((folder / "state.json").read_text("utf-8")))
        return state, load_file(folder / "adapter.safetensors"), load_file(folder / "optim.safetensors")
    except (OSError, ValueError, TypeError, SafetensorError) as error:
        raise ValueError(f"{folder.name} is damaged: {error}") from error


def newest_checkpoint(
    run: Path, events: EventLog | SilentLog, sizes: Callable[[State], dict[str, tuple[int, ...]]]
) -> tuple[State, Tensors, Tensors] | None:
    """The newest whole checkpoint that has the wanted keys and shapes; each passed over is warned of."""
    folders = sorted((run / "checkpoints").glob("step-*"), reverse=True)
    for folder in folders:
        if list(folder.glob("*.pt")) + list(folder.glob("*.bin")) + list(folder.glob("*.pkl")):
            bad_data(f"{folder} holds a pickle", "Pickles are never opened: start the run again.", "E_TRAIN_PICKLE")
        try:
            found = read_checkpoint(folder)
            check_keys(folder.name, sizes(found[0]), found[1], found[2])
            if isinstance(events, EventLog):  # a kill may have come between the folder and its link
                point_to(run, folder)
            return found
        except ValueError as error:
            events.emit("warn", code="E_TRAIN_CHECKPOINT", message=f"{error}; the one before is taken")
    if folders:
        bad_data("no checkpoint of the run is whole", "Start the run again in a new folder.", "E_TRAIN_CHECKPOINT")
    return None


def check_keys(name: str, sizes: dict[str, tuple[int, ...]], adapter: Tensors, optimizer: Tensors) -> None:
    """A missing, surplus or misshapen tensor is a ValueError that names it."""
    wanted = {f"{moment}.{key}": size for key, size in sizes.items() for moment in ("exp_avg", "exp_avg_sq")}
    for found, expected in ((adapter, sizes), (optimizer, wanted)):
        odd = sorted(set(found) ^ set(expected))
        if odd:
            raise ValueError(f"{name} {'lacks' if odd[0] in expected else 'has the surplus key'} {odd[0]}")
        wrong = [key for key, size in expected.items() if tuple(found[key].shape) != size]
        if wrong:
            raise ValueError(f"{name} has another shape of {wrong[0]}")


def restore(parameters: Parameters, adapter: Tensors, optimizer: Tensors | None) -> None:
    """Puts a checkpoint's tensors back; without optimizer state only the weights."""
    with torch.no_grad():
        parameters.load(parameters.flat, adapter)
        if optimizer is not None:
            parameters.load(parameters.first, {name: optimizer[f"exp_avg.{name}"] for name in parameters.names})
            parameters.load(parameters.second, {name: optimizer[f"exp_avg_sq.{name}"] for name in parameters.names})
