"""Compiled layers compute what plain ones do, and are left where they do not."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from trainer import compiled
from trainer.control import Control
from trainer.errors import WorkerError
from trainer.events import EventLog, read_events
from trainer.model import PLAIN, Segments
from trainer.tests.test_train import prepared
from trainer.train import Trainer, train


def graphs() -> int:
    """What Dynamo made: three functions, two of them once more where the first layer's input has no gradient."""
    return int(torch._dynamo.utils.counters["stats"]["unique_graphs"])


def fresh() -> None:
    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()


@pytest.mark.parametrize("mode", ["full", "lora", "experts"])
@pytest.mark.parametrize("recompute", ["none", "full"])
def test_a_run_with_compiled_layers_learns_the_same(
    mode: str, recompute: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "BACKEND", "aot_eager")
    fresh()
    found = []
    for compile_ in (False, True):
        folder = tmp_path / str(compile_)
        folder.mkdir()
        run, job = prepared(folder, mode, compile=compile_, deterministic=False, recompute=recompute)
        train(run, job, EventLog(run, "test", True), Control(run))
        events = read_events(run / "events.jsonl")
        taken = [event["taken"] for event in events if event["type"] == "compile"]
        assert taken == ([True] if compile_ else []), events
        found.append([event["ce"] for event in events if event["type"] == "step"])
    assert graphs() == (3 if mode == "full" else 5)
    assert found[1] == pytest.approx(found[0], rel=1e-4)


@pytest.mark.slow
def test_inductor_agrees_over_several_token_counts_and_compiles_once(tmp_path: Path) -> None:
    run, job = prepared(tmp_path, "experts", compile=True, deterministic=False)
    fresh()
    train(run, job, EventLog(run, "test", True), Control(run))
    events = read_events(run / "events.jsonl")
    (trial,) = [event for event in events if event["type"] == "compile"]
    assert trial["taken"] and trial["loss_difference"] < 1e-4 and trial["gradient_difference"] < 1e-4
    tokens = {event["tokens"] for event in events if event["type"] == "step"}
    assert len(tokens) > 1
    assert graphs() == 5


def test_a_deterministic_run_is_not_compiled(tmp_path: Path) -> None:
    run, job = prepared(tmp_path, "lora", compile=True)
    with pytest.raises(WorkerError, match="not deterministic"):
        train(run, job, EventLog(run, "test", True), Control(run))
    run, job = prepared(tmp_path / "other", "lora", compile=None)
    train(run, job, EventLog(run, "test", True), Control(run))
    assert [event for event in read_events(run / "events.jsonl") if event["type"] == "compile"] == []


def test_a_run_goes_on_uncompiled_only_if_that_is_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "BACKEND", "aot_eager")
    run, job = prepared(tmp_path, "lora", compile=True, deterministic=False, checkpoint_every_steps=2)
    train(run, job, EventLog(run, "test", True), Control(run))
    with pytest.raises(WorkerError, match="another compile"):
        train(run, replace(job, compile=False), EventLog(run, "test", True), Control(run))


@pytest.mark.parametrize("fault", ["differs", "fails"])
def test_what_does_not_agree_or_not_compile_is_left_and_said(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def join(scale: float, parts: dict[str, torch.Tensor], x: torch.Tensor, mixed: torch.Tensor) -> torch.Tensor:
        if fault == "fails":
            raise RuntimeError("no compiler")
        return PLAIN.join(scale, parts, x, mixed) * 1.01

    monkeypatch.setattr(compiled, "compiled_segments", lambda *_: Segments(join=join))
    run, job = prepared(tmp_path, "lora", compile=True, deterministic=False)
    events = EventLog(run, "test", True)
    trainer = Trainer(run, job, events, Control(run))
    trainer.run_all()
    assert trainer.work.segments is PLAIN
    kinds = {event["type"]: event for event in read_events(run / "events.jsonl")}
    assert kinds["compile"]["taken"] is False
    assert kinds["warn"]["code"] == "E_TRAIN_COMPILE"
    assert ("no compiler" if fault == "fails" else "differs") in kinds["warn"]["message"]
    assert len([event for event in read_events(run / "events.jsonl") if event["type"] == "step"]) == 10
