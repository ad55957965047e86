"""The forward pass against Transformers: logits, gradients, packing, recompute, loss."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn import functional

from trainer.attention import Documents
from trainer.base import load_weights, read_shape
from trainer.loss import cross_entropy
from trainer.model import Model, forward, logits
from trainer.tests.bases import CONFIGS, VOCABULARY, write_base

CPU = torch.device("cpu")


def loaded(folder: Path, dtype: torch.dtype) -> Model:
    shape = read_shape(folder)
    return Model(shape, load_weights(folder, shape, dtype, CPU))


def tokens(*lengths: int) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    return [torch.randint(0, VOCABULARY, (length,), generator=generator) for length in lengths]


@pytest.mark.parametrize("family", CONFIGS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_logits_are_those_of_transformers(family: str, dtype: torch.dtype, tmp_path: Path) -> None:
    oracle = write_base(tmp_path, family, shards="20KB").to(dtype)
    (ids,) = tokens(90)
    ours = logits(loaded(tmp_path, dtype), ids, Documents.of([90], CPU))
    with torch.no_grad():
        theirs = oracle(ids[None]).logits[0]
    # Transformers computes rotary angles in fp32 whatever the dtype.
    assert (ours - theirs).abs().max() < 2e-5


@pytest.mark.parametrize("family", CONFIGS)
def test_packed_documents_do_not_see_each_other(family: str, tmp_path: Path) -> None:
    write_base(tmp_path, family)
    model = loaded(tmp_path, torch.float32)
    alone = tokens(33, 1, 50)
    packed = logits(model, torch.cat(alone), Documents.of([33, 1, 50], CPU))
    apart = torch.cat([logits(model, ids, Documents.of([len(ids)], CPU)) for ids in alone])
    assert (packed - apart).abs().max() <= 1e-5
    leaking = logits(model, torch.cat(alone), Documents.of([84], CPU))
    assert (leaking - apart).abs().max() > 1e-2  # as one document they do see each other: the test can fail


@pytest.mark.parametrize("family", CONFIGS)
def test_gradients_are_those_of_transformers(family: str, tmp_path: Path) -> None:
    oracle = write_base(tmp_path, family).double()
    (ids,) = tokens(60)
    model = loaded(tmp_path, torch.float64)
    for weight in model.weights.values():
        weight.requires_grad_()
    hidden = forward(model, ids, Documents.of([60], CPU))
    total, _ = cross_entropy(hidden[:-1], model.head, ids[1:])
    (total / 59).backward()  # type: ignore[no-untyped-call]
    oracle(ids[None], labels=ids[None]).loss.backward()
    names = dict(oracle.named_parameters())
    assert set(names) == set(model.weights)
    for name, weight in model.weights.items():
        theirs = names[name].grad
        assert theirs is not None and weight.grad is not None
        relative = (weight.grad - theirs).norm() / theirs.norm().clamp_min(1e-12)
        assert relative < 1e-6, name


@pytest.mark.parametrize("recompute", ["mlp", "full"])
def test_recompute_changes_nothing(recompute: str, tmp_path: Path) -> None:
    write_base(tmp_path, "llama")
    (ids,) = tokens(40)
    gradients: list[dict[str, Any]] = []
    for mode in ("none", recompute):
        model = loaded(tmp_path, torch.float64)
        model.recompute = mode
        for weight in model.weights.values():
            weight.requires_grad_()
        forward(model, ids, Documents.of([40], CPU)).pow(2).sum().backward()  # type: ignore[no-untyped-call]
        gradients.append({name: weight.grad for name, weight in model.weights.items() if weight.grad is not None})
    for name, one in gradients[0].items():
        assert torch.equal(one, gradients[1][name]), name


def test_chunked_loss_and_its_gradients_are_those_of_torch() -> None:
    torch.manual_seed(0)
    hidden = torch.randn(2500, 16, dtype=torch.float64, requires_grad=True)
    head = torch.randn(50, 16, dtype=torch.float64, requires_grad=True)
    targets = torch.randint(0, 50, (2500,))
    total, rows = cross_entropy(hidden, head, targets)
    (total * 0.5).backward()  # type: ignore[no-untyped-call]
    ours = [hidden.grad, head.grad]
    hidden.grad = head.grad = None
    wanted = functional.cross_entropy(hidden @ head.T, targets, reduction="none")
    (wanted.sum() * 0.5).backward()  # type: ignore[no-untyped-call]
    assert torch.allclose(rows, wanted, atol=1e-12)
    for one, other in zip(ours, [hidden.grad, head.grad], strict=True):
        assert one is not None and other is not None and torch.allclose(one, other, atol=1e-12)
