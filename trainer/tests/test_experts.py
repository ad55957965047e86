"""LoRA experts: the masked products against plain loops, the losses, step 0, the balance loss of Transformers."""

from typing import Any

import pytest
import torch
from torch.nn import functional
from transformers.models.mixtral.modeling_mixtral import load_balancing_loss_func

from trainer.experts import ExpertSettings, Routing, expert_feed_forward

Tensors = dict[str, torch.Tensor]
TOKENS, HIDDEN, FFN, RANK, EXPERTS, SCALE = 40, 12, 20, 3, 4, 2.0
SETTINGS = ExpertSettings(EXPERTS, 2, RANK, SCALE)


def inputs(zero_b: bool = False) -> tuple[torch.Tensor, list[torch.Tensor], Tensors]:
    generator = torch.Generator().manual_seed(5)

    def random(*size: int) -> torch.Tensor:
        return torch.randn(size, generator=generator, dtype=torch.float64)

    adapter = {"layers.0.mlp.router": random(EXPERTS, HIDDEN)}
    for name, (out, into) in {"gate": (FFN, HIDDEN), "up": (FFN, HIDDEN), "down": (HIDDEN, FFN)}.items():
        adapter[f"layers.0.mlp.experts.{name}_proj.lora_A"] = random(EXPERTS, RANK, into)
        b = random(EXPERTS, out, RANK)
        adapter[f"layers.0.mlp.experts.{name}_proj.lora_B"] = torch.zeros_like(b) if zero_b else b
    base = [random(FFN, HIDDEN), random(FFN, HIDDEN), random(HIDDEN, FFN)]
    return random(TOKENS, HIDDEN), base, adapter


def materialised(base: list[torch.Tensor], adapter: Tensors, expert: int) -> list[torch.Tensor]:
    at = "layers.0.mlp.experts"
    return [
        w + SCALE * adapter[f"{at}.{n}_proj.lora_B"][expert] @ adapter[f"{at}.{n}_proj.lora_A"][expert]
        for w, n in zip(base, ("gate", "up", "down"), strict=True)
    ]


def parts(base: list[torch.Tensor], adapter: Tensors) -> Tensors:
    own = {name.removeprefix("layers.0."): one for name, one in adapter.items()}
    return own | {f"mlp.{name}_proj.weight": w for name, w in zip(("gate", "up", "down"), base, strict=True)}


def loops(x: torch.Tensor, base: list[torch.Tensor], adapter: Tensors) -> torch.Tensor:
    """The formulas of the module's docstring, one token and one expert at a time, with W + s·B·A formed."""
    p = (x @ adapter["layers.0.mlp.router"].T).softmax(-1)
    rows = []
    for token in range(len(x)):
        best, chosen = p[token].topk(2)
        y = torch.zeros(HIDDEN, dtype=x.dtype)
        for weight, expert in zip(best / best.sum(), chosen.tolist(), strict=True):
            gate, up, down = materialised(base, adapter, expert)
            y = y + down @ (weight * functional.silu(gate @ x[token]) * (up @ x[token]))
        rows.append(y)
    return torch.stack(rows)


def test_masked_products_equal_per_expert_loops() -> None:
    results = []
    for masked in (True, False):
        x, base, adapter = inputs()
        for tensor in adapter.values():
            tensor.requires_grad_()
        y = expert_feed_forward(SETTINGS, x, parts(base, adapter))[0] if masked else loops(x, base, adapter)
        y.pow(2).sum().backward()  # type: ignore[no-untyped-call]
        results.append((y.detach(), {name: one.grad for name, one in adapter.items()}))
    scale = results[1][0].abs().max()
    assert ((results[0][0] - results[1][0]).abs().max() / scale) < 1e-12
    for name, theirs in results[1][1].items():
        ours = results[0][1][name]
        assert ours is not None and theirs is not None
        assert (ours - theirs).norm() / theirs.norm() < 1e-12, name


def test_step_zero_is_the_base_for_any_router() -> None:
    x, base, adapter = inputs(zero_b=True)
    y = expert_feed_forward(SETTINGS, x, parts(base, adapter))[0]
    dense = (functional.silu(x @ base[0].T) * (x @ base[1].T)) @ base[2].T
    assert (y - dense).abs().max() / dense.abs().max() < 1e-12


def test_one_expert_is_plain_lora() -> None:
    x, base, adapter = inputs()
    one = {name: part[:1] for name, part in adapter.items()}
    y, p, _, _ = expert_feed_forward(ExpertSettings(1, 1, RANK, SCALE), x, parts(base, one))
    gate, up, down = materialised(base, one, 0)
    dense = (functional.silu(x @ gate.T) * (x @ up.T)) @ down.T
    assert torch.equal(p, torch.ones_like(p))
    assert (y - dense).abs().max() / dense.abs().max() < 1e-12


@pytest.mark.parametrize("layers", [1, 3])
def test_balance_loss_is_that_of_transformers_with_the_batchs_own_f(layers: int) -> None:
    generator = torch.Generator().manual_seed(1)
    scores = [torch.randn(TOKENS, EXPERTS, generator=generator, dtype=torch.float64) for _ in range(layers)]
    theirs: Any = load_balancing_loss_func(tuple(scores), EXPERTS, 2)  # type: ignore[arg-type]
    pooled = torch.cat(scores)  # Transformers pools the layers first
    routing = Routing(1)
    p = pooled.softmax(-1)
    routing.add(0, p, pooled.logsumexp(-1).pow(2), p.topk(2).indices)
    balance, z = routing.losses(routing.counts(EXPERTS) / len(p), len(p))
    assert abs(float(balance) - float(theirs)) < 1e-6 * float(theirs)
    assert torch.isclose(z, pooled.logsumexp(-1).pow(2).mean())


def test_balanced_routing_costs_k() -> None:
    routing = Routing(1)
    p = torch.full((8, 4), 0.25)
    routing.add(0, p, torch.zeros(8), torch.arange(16).remainder(4).view(8, 2))
    balance, _ = routing.losses(routing.counts(4) / 8, 8)
    assert float(balance) == pytest.approx(2.0)


def test_balance_gradient_pushes_away_from_the_crowded_expert() -> None:
    scores = torch.zeros(6, 4, requires_grad=True)
    routing = Routing(1)
    p = scores.softmax(-1)
    routing.add(0, p, scores.logsumexp(-1).pow(2), p.topk(2).indices)
    f = torch.tensor([[1.0, 0.5, 0.3, 0.2]])
    routing.losses(f, 6)[0].backward()  # type: ignore[no-untyped-call]
    assert scores.grad is not None and (scores.grad[:, 0] > 0).all() and (scores.grad[:, 3] < 0).all()
