"""Validation loss, whole and per domain; nothing here touches training's state."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch

from trainer.experts import Routing
from trainer.loss import cross_entropy
from trainer.model import Model, forward
from trainer.order import Shard


@dataclass
class EvalResult:
    loss: float
    tokens: int
    domains: dict[str, dict[str, float]] = field(default_factory=dict)
    load: list[list[float]] = field(default_factory=list)  # mean routing weight, by layer and expert


def evaluate(
    model: Model, shard: Shard, rows: list[list[int]], device: torch.device, stop: Callable[[], bool]
) -> EvalResult | None:
    """Mean loss over supervised tokens of `rows`; None if asked to stop meanwhile."""
    sums: dict[str, float] = {}
    counts: dict[str, int] = {}
    weights, real = torch.zeros(0), 0
    for row in rows:
        if stop():
            return None
        batch = shard.batch([row], device)
        with torch.no_grad():
            routing = Routing(model.shape.layers) if model.experts else None
            hidden = forward(model, batch.ids, batch.documents, routing)
            losses = cross_entropy(hidden[batch.rows], model.head, batch.targets)[1].double()
            if routing is not None and model.experts is not None:
                one = routing.weights(model.experts.count)
                weights, real = one if real == 0 else weights + one, real + len(batch.ids)
        by_document = torch.zeros(len(batch.domains), dtype=torch.float64, device=device)
        by_document.index_add_(0, batch.owner, losses)
        numbers = batch.owner.bincount(minlength=len(batch.domains)).tolist()
        for domain, loss, number in zip(batch.domains, by_document.tolist(), numbers, strict=True):
            sums[domain] = sums.get(domain, 0.0) + loss
            counts[domain] = counts.get(domain, 0) + number
    total = sum(counts.values())
    domains = {one: {"loss": sums[one] / counts[one], "tokens": counts[one]} for one in sorted(sums) if counts[one]}
    load = (weights / max(1, real)).tolist() if real else []
    return EvalResult(sum(sums.values()) / max(1, total), total, domains, load)
