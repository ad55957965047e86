"""What to say after memory ran out: how many rows of a micro-batch do fit is tried, not guessed."""

import torch

from trainer.errors import WorkerError
from trainer.job import Job
from trainer.order import Step
from trainer.step import StepWork


def out_of_memory(error: BaseException) -> bool:
    """A GPU's own error, or the CPU allocator's."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and "DefaultCPUAllocator" in str(error)


def rows_that_fit(work: StepWork, step: Step, f: list[list[float]]) -> int:
    """After a micro-batch did not fit: how many rows do, by trying halves; 0 where not even one does."""
    load, rows = torch.tensor(f, dtype=torch.float64, device=work.device), work.micro_rows // 2
    while rows > 0:
        try:
            if work.device.type == "cuda":
                torch.cuda.empty_cache()
            work.micro_batch(step.rows[:rows], step, load, *work.sums())
            return rows
        except (RuntimeError, MemoryError) as error:
            if not out_of_memory(error):
                raise
        rows //= 2
    return 0


def memory_error(job: Job, work: StepWork, step: Step, f: list[list[float]]) -> WorkerError:
    """Names the rows that do fit."""
    fits = rows_that_fit(work, step, f)
    hint = f"Use --set micro_rows={fits}: that fits. Or --set recompute=full."
    if fits == 0:
        recompute = "" if job.recompute == "full" else "--set recompute=full, or "
        hint = f"Not even one row fits. Use {recompute}--set length={job.length // 2}."
    tokens = job.micro_rows * job.length
    return WorkerError(71, "E_TRAIN_MEMORY", f"a micro-batch of {tokens} tokens does not fit into memory", hint)
