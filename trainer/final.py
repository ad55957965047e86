"""What a finished stage leaves: `final/` at the end, the trained tiny base in between."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from safetensors.torch import save

from trainer.checkpoint import State, contiguous, sync_folder, write_synced
from trainer.job import Job
from trainer.model import Model
from trainer.parameters import Parameters
from trainer.stages import base_folder, routed_layers


def adapter_json(job: Job, mode: str, model: Model) -> dict[str, Any]:
    experts = mode == "experts"
    return {
        "version": 1,
        "mode": mode,
        "base": job.base,
        "rank": None if mode == "full" else job.lora.rank,
        "alpha": None if mode == "full" else job.lora.alpha,
        "expertRank": job.moe.rank if experts else None,
        "expertAlpha": job.moe.alpha if experts else None,
        "experts": job.moe.experts if experts else [],
        "topK": job.moe.top_k if experts else None,
        "moeLayers": routed_layers(job, model.shape) if experts else [],
    }


def write_final(run: Path, job: Job, state: State, model: Model, parameters: Parameters, last: bool) -> None:
    """Writes the trained weights of a full stage into the run's own base, and `final/` after the last stage."""
    mode = job.stages[state.stage].mode
    data = save(contiguous(parameters.views), {"format": "pt"})
    if mode == "full" and job.make_base:
        temporary = base_folder(run, job) / "model.safetensors.tmp"
        write_synced(temporary, data)
        os.replace(temporary, temporary.with_suffix(""))
    if not last:
        return
    folder, temporary = run / "final", run / ".tmp-final"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    write_synced(temporary / "adapter.safetensors", data)
    text = json.dumps(adapter_json(job, mode, model), indent=1) + "\n"
    write_synced(temporary / "adapter.json", text.encode())
    sync_folder(temporary)
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(temporary, folder)
    sync_folder(run)
