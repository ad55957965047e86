"""Where and how the worker computes: device, precision, threads, determinism, the GEMM ceiling."""

import os
import platform
import resource
import time
from dataclasses import dataclass
from typing import Any

import torch

from trainer import attention
from trainer.base import Shape
from trainer.errors import bad_recipe
from trainer.job import Job
from trainer.ranks import Ranks


@dataclass(frozen=True)
class Runtime:
    device: torch.device
    dtype: torch.dtype  # of base weights and GEMMs
    attention: str
    threads: int
    peak: float  # FLOP/s of a GEMM measured at start
    world: int = 1

    def facts(self) -> dict[str, Any]:
        """What a resume must find again to be exact."""
        return {
            "torch": torch.__version__,
            "python": platform.python_version(),
            "device": device_name(self.device),
            "dtype": str(self.dtype).removeprefix("torch."),
            "attention": self.attention,
            "threads": self.threads,
            "world": self.world,
        }

    def memory_bytes(self) -> int:
        """Most memory held so far: the GPU's, else the process's."""
        if self.device.type == "cuda":
            return int(torch.cuda.max_memory_allocated())
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def device_name(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else f"cpu {platform.machine()}"


def gemm_ceiling(device: torch.device, dtype: torch.dtype) -> float:
    """FLOP/s of a square matrix product on this machine, now: what MFU is a share of."""
    size = 8192 if device.type == "cuda" else 512
    a = torch.randn(size, size, device=device, dtype=dtype)
    best = float("inf")
    for _ in range(4):
        started = time.perf_counter()
        a @ a
        if device.type == "cuda":
            torch.cuda.synchronize()
        best = min(best, time.perf_counter() - started)
    return 2 * size**3 / best


def start(job: Job, dtype: torch.dtype | None = None, ranks: Ranks | None = None) -> Runtime:
    """Sets up torch as the job says; a GPU recipe without a fit GPU is refused."""
    has_cuda = torch.cuda.is_available()
    if job.device == "cuda" and not has_cuda:
        bad_recipe("the recipe needs a GPU and this machine has none", "Use --set device=cpu, or a machine with one.")
    ranks = ranks or Ranks()
    device = torch.device(f"cuda:{ranks.local}" if has_cuda and job.device != "cpu" else "cpu")
    if device.type == "cuda":
        torch.cuda.set_device(device)
    ranks.join(device)
    if device.type == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False):
        bad_recipe(f"{device_name(device)} computes no bf16", "Use an Ampere GPU or newer, or --set device=cpu.")
    torch.set_num_threads(job.threads)
    if job.deterministic:
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.use_deterministic_algorithms(True)
    chosen = dtype or (torch.bfloat16 if device.type == "cuda" else torch.float32)
    return Runtime(
        device, chosen, attention.choose(device, chosen), job.threads, gemm_ceiling(device, chosen), ranks.world
    )


def flops(shape: Shape, trained: int, full: bool, tokens: int, supervised: int, squares: float) -> float:
    """Operations of one step: 4N of a frozen base (6N if trained), 6 a trained adapter weight, head, attention.

    `squares` is the sum of squared document lengths; causal attention does half of it.
    """
    q, kv = shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim
    layer = shape.hidden * (2 * q + 2 * kv) + 3 * shape.hidden * shape.ffn
    body = shape.layers * layer
    head = shape.vocab * shape.hidden
    factor = 6 if full else 4
    attention_cost = 3 * 2 * shape.layers * q * squares
    return float(
        factor * body * tokens + factor * head * supervised + (0 if full else 6 * trained * tokens) + attention_cost
    )
