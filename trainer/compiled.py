"""`torch.compile` of a layer's functions, taken only where a first micro-batch agrees with the functions as they are.

Evaluation stays as it is: only micro-batches that are trained on run compiled, with symbolic token counts. A kernel is
picked by measuring, so that two starts need not agree to the last bit: deterministic runs are never compiled.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from trainer import layer
from trainer.model import PLAIN, Segments
from trainer.order import Step
from trainer.step import StepWork

BACKEND = "inductor"

# Relative differences of loss and gradient that rounding explains: fp32 sums in another order; bf16 has 8 bits.
TOLERANCE = {torch.float64: 1e-9, torch.float32: 1e-4, torch.bfloat16: 3e-2}


@dataclass(frozen=True)
class Trial:
    """One micro-batch both ways; `problem` says why the compiled functions are not taken."""

    seconds: float
    loss: float | None = None
    gradient: float | None = None
    problem: str | None = None

    def facts(self) -> dict[str, Any]:
        return {
            "seconds": self.seconds,
            "loss_difference": self.loss,
            "gradient_difference": self.gradient,
            "taken": self.problem is None,
        }


def token_wise(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` compiled for any number of tokens: its tensors outside `parts` have tokens first."""
    run = torch.compile(function, backend=BACKEND, fullgraph=True)

    def call(*arguments: Any) -> Any:
        for one in arguments:
            if isinstance(one, torch.Tensor):
                torch._dynamo.mark_dynamic(one, 0)
        return run(*arguments)

    return call


def compiled_segments() -> Segments:
    """The same functions, compiled when they are first called."""
    names = ("project", "join", "dense", "routed")
    return Segments(**{name: token_wise(getattr(layer, name)) for name in names})


def relative(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a - b).norm() / b.norm().clamp_min(1e-30))


def gradient_of(work: StepWork, step: Step, f: list[list[float]], rows: list[list[int]]) -> tuple[float, torch.Tensor]:
    """Loss and gradient of one micro-batch; the gradient's buffer is left at zero."""
    gradient = work.parameters.gradient.zero_()
    sums, counts, by_domain = work.sums()
    work.micro_batch(rows, step, torch.tensor(f, dtype=torch.float64, device=work.device), sums, counts, by_domain)
    found = gradient.clone()
    gradient.zero_()
    return float(sums[0]), found


def take_compiled(work: StepWork, step: Step, f: list[list[float]]) -> Trial:
    """Compiles on the step's first micro-batch and keeps what it made if loss and gradient agree."""
    started, rows = time.monotonic(), step.rows[: work.micro_rows]
    loss, gradient = gradient_of(work, step, f, rows)
    work.segments = compiled_segments()
    try:
        own_loss, own_gradient = gradient_of(work, step, f, rows)
    except Exception as error:
        work.parameters.gradient.zero_()
        work.segments = PLAIN
        return Trial(time.monotonic() - started, problem=f"{type(error).__name__}: {str(error).strip()[:200]}")
    differs = abs(own_loss - loss) / max(1e-30, abs(loss))
    spread = relative(own_gradient, gradient)
    limit = TOLERANCE.get(work.model.head.dtype, TOLERANCE[torch.bfloat16])
    problem = None
    if not (differs <= limit and spread <= limit):
        work.segments = PLAIN
        problem = f"loss differs by {differs:.1e}, gradient by {spread:.1e} (limit {limit:.0e})"
    return Trial(time.monotonic() - started, differs, spread, problem)
