"""Where and how the worker computes: device, precision, threads, determinism."""

import os
import platform
import resource
from dataclasses import dataclass
from typing import Any

import torch

from trainer import attention
from trainer.errors import bad_recipe
from trainer.job import Job
from trainer.mfu import gemm_ceiling
from trainer.ranks import Ranks


@dataclass(frozen=True)
class Runtime:
    device: torch.device
    dtype: torch.dtype  # of base weights and GEMMs
    attention: str
    threads: int
    peak: float  # FLOP/s of a GEMM measured at start
    deterministic: bool = True
    compiles: bool = False
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
            "compile": self.compiles,
        }

    def memory_bytes(self) -> int:
        """Most memory held so far: the GPU's, else the process's."""
        if self.device.type == "cuda":
            return int(torch.cuda.max_memory_allocated())
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def device_name(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else f"cpu {platform.machine()}"


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
    deterministic = device.type == "cpu" if job.deterministic is None else job.deterministic
    if deterministic and job.compile:
        bad_recipe(
            "compiled layers are not deterministic: kernels are picked by measuring",
            "Set deterministic=false, or leave compile out.",
        )
    if deterministic:
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.use_deterministic_algorithms(True)
    chosen = dtype or (torch.bfloat16 if device.type == "cuda" else torch.float32)
    compiles = not deterministic and (device.type == "cuda" if job.compile is None else job.compile)
    return Runtime(
        device, chosen, attention.choose(device, chosen), job.threads, gemm_ceiling(device, chosen),
        deterministic, compiles, ranks.world,
    )  # fmt: skip
