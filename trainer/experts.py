"""LoRA experts over one shared frozen feed-forward network, with a router a layer and its two losses.

    p = softmax(R x);  S = top-K of p;  w_e = p_e / Σ_S p
    g_e = W_g x + s Bg_e Ag_e x;  u_e likewise;  a_e = w_e silu(g_e) u_e
    y = W_d (Σ_S a_e) + s Σ_S Bd_e Ad_e a_e

The frozen matrices run once a token, because down is linear. Per slot of the top-K a mask over (tokens, E·r) picks
the expert's rank rows, so that one GEMM with all B serves every token: static shapes, no atomics.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

Tensors = dict[str, torch.Tensor]


@dataclass(frozen=True)
class ExpertSettings:
    count: int
    top_k: int
    rank: int
    scale: float  # α / r


class Routing:
    """What the routers did in one forward pass, a layer each; recomputed layers report once."""

    def __init__(self, layers: int) -> None:
        self.p: list[torch.Tensor | None] = [None] * layers  # (tokens, E), carries the gradient
        self.z: list[torch.Tensor | None] = [None] * layers  # (tokens,), squared logsumexp
        self.chosen: list[torch.Tensor | None] = [None] * layers  # (tokens, K)

    def add(self, layer: int, p: torch.Tensor, z: torch.Tensor, chosen: torch.Tensor) -> None:
        if self.p[layer] is None:
            self.p[layer], self.z[layer], self.chosen[layer] = p, z, chosen

    def losses(self, f: torch.Tensor, tokens: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Balance E·Σ_e f_e P_e and z, means over the routed layers; P and z are sums over `tokens`, the step's."""
        p = [one for one in self.p if one is not None]
        z = [one for one in self.z if one is not None]
        rows = [layer for layer, one in enumerate(self.p) if one is not None]
        share = torch.stack([one.sum(0) for one in p]) / tokens  # (layers, E)
        balance = (share * f[rows].to(share)).sum(1).mean() * share.shape[1]
        return balance, torch.stack([one.sum() for one in z]).mean() / tokens

    def weights(self, experts: int) -> torch.Tensor:
        """Summed routing weights w_e by layer and expert: (layers, E)."""
        rows = []
        for p, chosen in zip(self.p, self.chosen, strict=True):
            if p is None or chosen is None:
                rows.append(torch.zeros(experts, dtype=torch.float64))
                continue
            best = p.detach().gather(1, chosen).double()
            spread = torch.zeros(p.shape, dtype=torch.float64, device=p.device)
            rows.append(spread.scatter_(1, chosen, best / best.sum(-1, keepdim=True)).sum(0).cpu())
        return torch.stack(rows)

    def by_domain(self, bounds: list[tuple[int, int]], domains: list[str]) -> Tensors:
        """How often each expert came first, by the document's domain: (E,) over all layers."""
        found: Tensors = {}
        for p, chosen in zip(self.p, self.chosen, strict=True):
            if p is None or chosen is None:
                continue
            for (a, b), domain in zip(bounds, domains, strict=True):
                part = chosen[a:b, 0].bincount(minlength=p.shape[1]).double().cpu()
                found[domain] = found[domain] + part if domain in found else part
        return found

    def counts(self, experts: int) -> torch.Tensor:
        """Assignments by layer and expert: (layers, E); a layer without experts has zeros."""
        zero = torch.zeros(experts, dtype=torch.float64)
        rows = [
            zero if one is None else one.flatten().bincount(minlength=experts).double().cpu() for one in self.chosen
        ]
        return torch.stack(rows)


def route(settings: ExpertSettings, x: torch.Tensor, router: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Probabilities (tokens, E), squared logsumexp, the chosen experts and their weights (tokens, K)."""
    wide = x if x.dtype == torch.float64 else x.float()
    scores = functional.linear(wide, router.to(wide.dtype))
    p = scores.softmax(-1)
    best, chosen = p.topk(settings.top_k, -1)
    return p, scores.logsumexp(-1).pow(2), chosen, best / best.sum(-1, keepdim=True)


def stacked(parts: Tensors, name: str, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    """All experts' A as (E·r, in) and B as (out, E·r)."""
    a = parts[f"mlp.experts.{name}_proj.lora_A"].to(dtype)  # (E, r, in)
    b = parts[f"mlp.experts.{name}_proj.lora_B"].to(dtype)  # (E, out, r)
    return a.flatten(0, 1), b.permute(1, 0, 2).flatten(1)


def expert_feed_forward(
    settings: ExpertSettings, x: torch.Tensor, parts: Tensors
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """The feed-forward output, and what routing did: probabilities, squared logsumexp, chosen experts.

    `parts` names a layer's tensors as they are called within it.
    """
    p, z, chosen, weight = route(settings, x, parts["mlp.router"])
    gate, up = (functional.linear(x, parts[f"mlp.{name}_proj.weight"]) for name in ("gate", "up"))
    gate_a, gate_b = stacked(parts, "gate", x.dtype)
    up_a, up_b = stacked(parts, "up", x.dtype)
    down_a, down_b = stacked(parts, "down", x.dtype)
    low = functional.linear(x, torch.cat([gate_a, up_a])) * settings.scale  # (tokens, 2·E·r)
    low_gate, low_up = low.chunk(2, -1)
    owner = torch.arange(settings.count, device=x.device).repeat_interleave(settings.rank)  # (E·r,)
    total, low_down = None, None
    for slot in range(settings.top_k):
        mine = (chosen[:, slot, None] == owner).to(x.dtype)  # (tokens, E·r)
        g = gate + functional.linear(low_gate * mine, gate_b)
        u = up + functional.linear(low_up * mine, up_b)
        a = weight[:, slot, None].to(x.dtype) * functional.silu(g) * u
        skinny = functional.linear(a, down_a) * mine
        total = a if total is None else total + a
        low_down = skinny if low_down is None else low_down + skinny
    assert total is not None and low_down is not None
    y = functional.linear(total, parts["mlp.down_proj.weight"]) + settings.scale * functional.linear(low_down, down_b)
    return y, p, z, chosen


def routing_facts(f: torch.Tensor, by_domain: torch.Tensor) -> dict[str, Any]:
    """Load by layer, its entropy in bits, and the mutual information of the top-1 expert and the domain in bits."""
    used = f[f.sum(1) > 0]
    share = used / used.sum(1, keepdim=True)
    entropy = -(share * share.clamp_min(1e-12).log2()).sum(1).mean()
    joint = by_domain / by_domain.sum()
    independent = joint.sum(1, keepdim=True) * joint.sum(0, keepdim=True)
    information = (joint * (joint.clamp_min(1e-12) / independent.clamp_min(1e-12)).log2()).sum()
    return {"load": share.tolist(), "entropy": float(entropy), "information": float(information)}
