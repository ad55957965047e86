"""One step's gradient: micro-batches of whole rows, dealt out to the processes and summed."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from trainer.errors import StopRequest
from trainer.experts import Routing
from trainer.job import Moe
from trainer.loss import cross_entropy
from trainer.model import PLAIN, Model, forward
from trainer.order import Shard, Step
from trainer.parameters import Parameters
from trainer.ranks import Ranks


@dataclass(frozen=True)
class Computed:
    loss: float
    ce: float
    aux: float
    z: float
    squares: float  # sum of squared document lengths
    counts: torch.Tensor  # assignments, (layers, E); empty without experts
    by_domain: torch.Tensor  # how often each expert came first, (domains, E)


class StepWork:
    """What computes the steps of one stage; the gradient ends up in `parameters`."""

    def __init__(
        self, model: Model, parameters: Parameters, shard: Shard, moe: Moe, micro_rows: int, ranks: Ranks
    ) -> None:
        self.model, self.parameters, self.shard, self.moe = model, parameters, shard, moe
        self.micro_rows, self.ranks = micro_rows, ranks
        self.segments = PLAIN
        self.device = parameters.flat.device
        self.domains = sorted({one["domain"] for one in shard.docs})

    def sums(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Zeros: ce, balance, z, squares and stopped; assignments, (layers, E); first choices, (domains, E)."""
        experts = self.model.experts.count if self.model.experts else 0
        rows = (self.model.shape.layers, len(self.domains)) if experts else (0, 0)
        counts, by_domain = (torch.zeros(one, experts, dtype=torch.float64) for one in rows)
        return torch.zeros(5, dtype=torch.float64), counts, by_domain

    def __call__(self, step: Step, f: list[list[float]], poll: Callable[[], None]) -> Computed:
        """`f` is the step before's load; `poll` raises where a stop was asked: the step is then dropped whole."""
        self.parameters.gradient.zero_()
        sums, counts, by_domain = self.sums()
        load = torch.tensor(f, dtype=torch.float64, device=self.device)
        rows = step.rows[self.ranks.rank :: self.ranks.world]
        for first in range(0, len(rows), self.micro_rows):
            try:
                poll()
            except StopRequest:
                if self.ranks.world == 1:
                    raise
                sums[4] = 1  # the others wait at the sum: they hear of it there
                break
            self.micro_batch(rows[first : first + self.micro_rows], step, load, sums, counts, by_domain)
        if self.ranks.world > 1:
            joined = torch.cat([sums, counts.flatten(), by_domain.flatten()]).to(self.device)
            self.ranks.add(joined)
            if joined[4] > 0:
                raise StopRequest("a process was asked to stop")
            self.ranks.add(self.parameters.gradient)
            parts = torch.split(joined.cpu(), [5, counts.numel(), by_domain.numel()])
            sums, counts, by_domain = parts[0], parts[1].view(counts.shape), parts[2].view(by_domain.shape)
        ce, balance, z, squares, _ = (float(one) for one in sums)
        loss = ce + self.moe.balance * balance + self.moe.z * z
        return Computed(loss, ce, balance, z, squares, counts, by_domain)

    def micro_batch(
        self,
        rows: list[list[int]],
        step: Step,
        load: torch.Tensor,
        sums: torch.Tensor,
        counts: torch.Tensor,
        by_domain: torch.Tensor,
    ) -> None:
        """Adds a micro-batch's part to the gradient and to the sums."""
        model = self.model
        batch = self.shard.batch(rows, self.device)
        routing = Routing(model.shape.layers) if model.experts else None
        hidden = forward(model, batch.ids, batch.documents, routing, self.segments)
        total, _ = cross_entropy(hidden[batch.rows], model.head, batch.targets)
        loss = total / step.supervised
        sums[0] += loss.detach().cpu()
        sums[3] += sum((b - a) ** 2 for a, b in batch.documents.bounds)
        if routing is not None and model.experts is not None:
            balance, z = routing.losses(load, step.tokens)
            loss = loss + self.moe.balance * balance + self.moe.z * z
            sums[1] += balance.detach().cpu()
            sums[2] += z.detach().cpu()
            counts += routing.counts(model.experts.count)
            for domain, part in routing.by_domain(batch.documents.bounds, batch.domains).items():
                by_domain[self.domains.index(domain)] += part
        loss.backward()  # type: ignore[no-untyped-call]
