"""Several processes on one run, started by torchrun: rows are dealt out, one flat all-reduce a step joins them."""

import os
from typing import Any

import torch
import torch.distributed as distributed


class Ranks:
    """This process among `world`; alone, everything here does nothing."""

    def __init__(self) -> None:
        self.rank = int(os.environ.get("RANK", "0"))
        self.world = int(os.environ.get("WORLD_SIZE", "1"))
        self.local = int(os.environ.get("LOCAL_RANK", "0"))

    @property
    def first(self) -> bool:
        return self.rank == 0

    def join(self, device: torch.device) -> None:
        if self.world > 1 and not distributed.is_initialized():
            distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")

    def add(self, tensor: torch.Tensor) -> None:
        """The sum over all processes, in place."""
        if self.world > 1:
            distributed.all_reduce(tensor)

    def agree(self, values: list[int], device: torch.device) -> list[int]:
        """What the first process says."""
        if self.world == 1:
            return values
        found = torch.tensor(values, dtype=torch.int64, device=device)
        distributed.broadcast(found, 0)
        return [int(one) for one in found.tolist()]

    def wait(self) -> None:
        if self.world > 1:
            distributed.barrier()

    def leave(self) -> None:
        if self.world > 1 and distributed.is_initialized():
            distributed.destroy_process_group()


class SilentLog:
    """The event log of every process but the first: one run has one writer."""

    at = float("inf")

    def emit(self, type_: str, **fields: Any) -> None:
        pass

    def sync(self) -> None:
        pass
