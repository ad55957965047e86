"""Model FLOP utilisation: a step's operations and the most that this machine's GEMM does."""

import time

import torch

from trainer.base import Shape


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
