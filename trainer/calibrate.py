"""`python -m trainer calibrate --run DIR`: how long steps take here, measured on the run's own documents.

Writes `calibration.json`: for each stage a fit t = a + b·T + c·Σℓ² of a micro-batch, the update, evaluation, a save.
"""

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from trainer import runtime as runtimes
from trainer.checkpoint import State, save_checkpoint
from trainer.compiled import take_compiled
from trainer.control import Control
from trainer.errors import STOPPED, WorkerError
from trainer.events import EventLog
from trainer.experts import Routing
from trainer.job import Job
from trainer.loss import cross_entropy
from trainer.model import PLAIN, Model, Segments, forward
from trainer.order import Shard, Step
from trainer.parameters import Parameters
from trainer.ranks import Ranks
from trainer.runtime import Runtime
from trainer.stages import stage_model
from trainer.step import StepWork

ROUNDS = (3, 40)  # of each size, at least and at most; the first warms up


def pick(shard: Shard, tokens: int, start: int) -> list[int]:
    """Documents from `start` on that hold about `tokens` tokens."""
    chosen: list[int] = []
    total = 0
    for offset in range(len(shard.docs)):
        index = (start + offset) % len(shard.docs)
        length = shard.docs[index]["length"]
        if chosen and total + length > tokens:
            break
        chosen.append(index)
        total += length
    return chosen


def synchronise(runtime: Runtime) -> None:
    if runtime.device.type == "cuda":
        torch.cuda.synchronize()


def one_batch(
    model: Model,
    parameters: Parameters,
    job: Job,
    shard: Shard,
    documents: list[int],
    runtime: Runtime,
    segments: Segments,
) -> tuple[float, int, int]:
    """Seconds of forward and backward of a micro-batch, its tokens and the sum of squared lengths."""
    started = time.perf_counter()
    batch = shard.batch([documents], runtime.device)
    routing = Routing(model.shape.layers) if model.experts else None
    hidden = forward(model, batch.ids, batch.documents, routing, segments)
    loss, _ = cross_entropy(hidden[batch.rows], model.head, batch.targets)
    if routing is not None and model.experts is not None:
        uniform = torch.full((model.shape.layers, model.experts.count), model.experts.top_k / model.experts.count)
        balance, z = routing.losses(uniform.to(runtime.device), len(batch.ids))
        loss = loss / max(1, len(batch.targets)) + job.moe.balance * balance + job.moe.z * z
        routing.counts(model.experts.count)
        routing.by_domain(batch.documents.bounds, batch.domains)
    loss.backward()  # type: ignore[no-untyped-call]
    synchronise(runtime)
    spent = time.perf_counter() - started
    return spent, len(batch.ids), sum((b - a) ** 2 for a, b in batch.documents.bounds)


def segments_of(job: Job, shard: Shard, found: tuple[Model, Parameters], runtime: Runtime) -> Segments:
    """What the run's steps will compute with: compiled functions where the job wants them and they agree."""
    if not runtime.compiles:
        return PLAIN
    model, parameters = found
    work = StepWork(model, parameters, shard, job.moe, 1, Ranks())
    documents = pick(shard, job.length, 0)
    tokens, supervised = (sum(shard.docs[index][key] for index in documents) for key in ("length", "supervised"))
    count = model.experts.count if model.experts else 0
    uniform = [[model.experts.top_k / count] * count if model.experts else []] * model.shape.layers
    take_compiled(work, Step([documents], tokens, max(1, supervised)), uniform)
    return work.segments


def fit(samples: list[tuple[float, int, int]]) -> dict[str, float]:
    """Least squares of t = a + b·T + c·Σℓ² with no negative part; the spread is the residuals' share of the mean."""
    times = np.array([one[0] for one in samples])
    columns = np.array([[1.0, one[1], one[2]] for one in samples])
    kept = [0, 1, 2]
    solution = np.zeros(3)
    while kept:
        found = np.linalg.lstsq(columns[:, kept], times, rcond=None)[0]
        if (found >= 0).all():
            solution[kept] = found
            break
        kept.pop(int(found.argmin()))
    residual = times - columns @ solution
    return {
        "a": float(solution[0]),
        "b": float(solution[1]),
        "c": float(solution[2]),
        "spread": float(residual.std() / max(1e-9, times.mean())),
    }


def mean_time(work: Callable[[], Any], runtime: Runtime, times: int = 3) -> float:
    """Mean seconds of `work`, a first call left out."""
    work()
    synchronise(runtime)
    started = time.perf_counter()
    for _ in range(times):
        work()
    synchronise(runtime)
    return (time.perf_counter() - started) / times


def measure(
    run: Path,
    job: Job,
    index: int,
    found: tuple[Model, Parameters],
    runtime: Runtime,
    control: Control,
    limit: float,
) -> dict[str, Any]:
    stage, (model, parameters) = job.stages[index], found
    shard = Shard(run, stage.split)
    full = job.length * job.micro_rows
    segments = segments_of(job, shard, found, runtime)
    samples: list[tuple[float, int, int]] = []
    memory: list[tuple[int, int]] = []
    started, busy = time.perf_counter(), time.process_time()
    for round_ in range(ROUNDS[1]):
        for size in (max(64, full // 4), max(64, full // 2), full):
            if control.stop_reason() is not None:
                raise WorkerError(STOPPED, "E_TRAIN_STOPPED", "stopped while calibrating", "Use `train resume`.")
            if runtime.device.type == "cuda":
                torch.cuda.reset_peak_memory_stats()
            documents = pick(shard, size, (round_ * 131 + size) % len(shard.docs))
            sample = one_batch(model, parameters, job, shard, documents, runtime, segments)
            if round_ > 0:
                samples.append(sample)
                memory.append((sample[1], runtime.memory_bytes()))
        if round_ + 1 >= ROUNDS[0] and time.perf_counter() - started > limit:
            break
    busy = (time.process_time() - busy) / (time.perf_counter() - started)

    def update() -> None:
        parameters.clip(job.clip)
        parameters.update(0.0, 1, job.weight_decay)

    def evaluate() -> None:
        with torch.no_grad():
            routing = Routing(model.shape.layers) if model.experts else None
            hidden = forward(model, batch.ids, batch.documents, routing)
            cross_entropy(hidden[batch.rows], model.head, batch.targets)

    batch = shard.batch([pick(shard, job.length, 0)], runtime.device)
    scratch = run / ".calibration"
    body = {
        "name": stage.name,
        "fit": fit(samples),
        "batches": len(samples),
        "busy": busy,
        "update": mean_time(update, runtime),
        "eval_per_token": mean_time(evaluate, runtime) / len(batch.ids),
        "save": mean_time(lambda: save_checkpoint(scratch, parameters, State(), 1), runtime, 2),
        "memory": memory_fit(memory, runtime),
    }
    shutil.rmtree(scratch)
    return body


def memory_fit(memory: list[tuple[int, int]], runtime: Runtime) -> dict[str, float]:
    """M(T) = M0 + κT on a GPU; on a CPU the process's largest size so far and no slope."""
    if runtime.device.type != "cuda":
        return {"fixed": float(runtime.memory_bytes()), "per_token": 0.0, "capacity": 0.0}
    slope, fixed = np.polyfit([one[0] for one in memory], [one[1] for one in memory], 1)
    capacity = torch.cuda.get_device_properties(runtime.device).total_memory
    return {"fixed": float(fixed), "per_token": float(slope), "capacity": float(capacity)}


def calibrate(run: Path, job: Job, events: EventLog, control: Control, limit: float) -> None:
    """Measures for about `limit` seconds and writes `calibration.json`; nothing of the run's state changes."""
    began = time.perf_counter()
    runtime = runtimes.start(job)
    stages, startup = [], 0.0
    for index, stage in enumerate(job.stages):
        loading = time.perf_counter()
        model = stage_model(run, job, index, runtime, stand_in=True)
        if index == 0:
            startup = time.time() - float(os.environ.get("TRAINING_READY_STARTED", time.time()))
        found = measure(run, job, index, model, runtime, control, limit / len(job.stages))
        stages.append(found)
        seconds = time.perf_counter() - loading
        events.emit("calib", stage=stage.name, tokens=job.length * job.micro_rows, seconds=seconds, fit=found["fit"])
    body = {
        "device": runtimes.device_name(runtime.device),
        "startup": startup,
        "stages": stages,
        "seconds": time.perf_counter() - began,
    }
    temporary = run / "calibration.json.tmp"
    temporary.write_text(json.dumps(body, indent=1) + "\n", "utf-8")
    os.replace(temporary, run / "calibration.json")
