"""The flat buffer and its AdamW against torch's."""

import torch

from trainer.parameters import Parameters


def test_adamw_is_that_of_torch() -> None:
    torch.manual_seed(0)
    start = {"layers.0.q.lora_A": torch.randn(3, 5), "layers.0.mlp.router": torch.randn(4, 5)}
    ours = Parameters(start, torch.device("cpu"))
    theirs = {name: part.clone().requires_grad_() for name, part in start.items()}
    groups = [
        {"params": [theirs["layers.0.q.lora_A"]], "weight_decay": 0.1},
        {"params": [theirs["layers.0.mlp.router"]], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=0.01, betas=(0.9, 0.95), eps=1e-8)
    for step in range(1, 6):
        optimizer.zero_grad()
        ours.gradient.zero_()
        for views in (ours.views, theirs):
            loss = torch.stack([(views[name].sin() * (n + 1)).sum() for n, name in enumerate(sorted(views))]).sum()
            loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        ours.update(0.01, step, 0.1)
    for name, part in theirs.items():
        assert torch.allclose(ours.views[name], part, atol=1e-7), name


def test_clip_scales_the_whole_gradient() -> None:
    parameters = Parameters({"a": torch.zeros(3), "b": torch.zeros(1)}, torch.device("cpu"))
    parameters.gradient.copy_(torch.tensor([3.0, 0.0, 0.0, 4.0]))
    assert parameters.clip(1.0) == 5.0
    assert torch.allclose(parameters.gradient, torch.tensor([0.6, 0.0, 0.0, 0.8]))
    grad = parameters.views["a"].grad
    assert grad is not None and torch.allclose(grad, torch.tensor([0.6, 0.0, 0.0]))
