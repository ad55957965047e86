"""Causal attention over packed documents: no token sees another document."""

from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional


@dataclass(frozen=True)
class Documents:
    """Where each document of a micro-batch begins and ends, positions restarting at each."""

    bounds: list[tuple[int, int]]
    positions: torch.Tensor  # (tokens,)
    cu_seqlens: torch.Tensor  # (documents + 1,), int32
    longest: int

    @staticmethod
    def of(lengths: list[int], device: torch.device) -> "Documents":
        bounds, at = [], 0
        for length in lengths:
            bounds.append((at, at + length))
            at += length
        positions = torch.cat([torch.arange(length) for length in lengths]).to(device)
        ends = torch.tensor([0, *(end for _, end in bounds)], dtype=torch.int32, device=device)
        return Documents(bounds, positions, ends, max(lengths))


def per_document(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, documents: Documents) -> torch.Tensor:
    """torch's scaled dot-product attention, one document at a time: (tokens, heads, head size) in and out."""
    repeat = q.shape[1] // k.shape[1]
    q, k, v = q.transpose(0, 1), k.transpose(0, 1), v.transpose(0, 1)
    if repeat > 1:
        k, v = k.repeat_interleave(repeat, 0), v.repeat_interleave(repeat, 0)
    parts = [
        functional.scaled_dot_product_attention(q[None, :, a:b], k[None, :, a:b], v[None, :, a:b], is_causal=True)
        for a, b in documents.bounds
    ]
    return torch.cat(parts, 2)[0].transpose(0, 1)


def varlen(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, documents: Documents) -> torch.Tensor:
    """torch's `varlen_attn`. Its arguments differ between releases and its default is not causal."""
    from torch.nn.attention import varlen as module

    repeat = q.shape[1] // k.shape[1]
    if repeat > 1:
        k, v = k.repeat_interleave(repeat, 1), v.repeat_interleave(repeat, 1)
    ends, longest = documents.cu_seqlens, documents.longest
    names = module.varlen_attn.__annotations__
    causal = {"window_size": (-1, 0)} if "window_size" in names else {"is_causal": True}
    run: Any = module.varlen_attn
    result: torch.Tensor = run(q, k, v, ends, ends, longest, longest, **causal)
    return result


def choose(device: torch.device, dtype: torch.dtype) -> str:
    """`varlen` where it runs and agrees with SDPA on a probe, else `per-document`."""
    if device.type != "cuda" or dtype not in (torch.bfloat16, torch.float16):
        return "per-document"
    try:
        documents = Documents.of([5, 17, 1, 41], device)
        q, k, v = (torch.randn(64, heads, 64, device=device, dtype=dtype) for heads in (4, 2, 2))
        close = torch.allclose(varlen(q, k, v, documents), per_document(q, k, v, documents), atol=2e-2, rtol=2e-2)
    except (ImportError, RuntimeError, TypeError, AttributeError):
        return "per-document"
    return "varlen" if close else "per-document"


IMPLEMENTATIONS = {"per-document": per_document, "varlen": varlen}
