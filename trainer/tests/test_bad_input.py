"""Input that cannot be trained on: exit status, code, hint, and nothing lost."""

import errno
import json
from pathlib import Path
from typing import Any

import pytest
import torch

from trainer import __main__ as program
from trainer import checkpoint, model
from trainer.events import read_events
from trainer.tests.jobs import job_value
from trainer.tests.test_train import prepared, weights


def put(run: Path, **changes: Any) -> None:
    """Rewrites the run's job."""
    base = run.parent / "base"
    value = job_value(base, "lora", checkpoint_every_steps=2, micro_rows=1) | changes
    (run / "job.json").write_text(json.dumps(value))


def call(run: Path, capsys: pytest.CaptureFixture[str], command: str = "train") -> tuple[int, str, str]:
    """Exit status, code and the rest of what the worker says on stderr."""
    status = program.main([command, "--run", str(run)])
    said = capsys.readouterr().err.strip().splitlines()
    at = max((n for n, line in enumerate(said) if line.startswith("E_")), default=-1)
    return status, said[at].split(":")[0] if at >= 0 else "", "\n".join(said[at:]) if at >= 0 else ""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    made, _ = prepared(tmp_path, "lora", micro_rows=1)
    put(made)
    return made


def test_a_gpu_recipe_without_a_gpu(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(run, device="cuda")
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    status, code, said = call(run, capsys)
    assert (status, code) == (64, "E_TRAIN_RECIPE") and "needs a GPU" in said and "device=cpu" in said


def test_an_unsupported_architecture(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = run.parent / "base" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"model_type": "mamba"}))
    status, code, said = call(run, capsys)
    assert (status, code) == (64, "E_TRAIN_BASE") and "mamba" in said and "Supported: Llama" in said


def test_a_tokenizer_beyond_the_embeddings(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = run.parent / "base" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"vocab_size": 260}))
    status, code, said = call(run, capsys, "prepare")
    assert (status, code) == (64, "E_TRAIN_BASE") and "never grown silently" in said


def test_an_added_token_whose_id_does_not_follow(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = run.parent / "base" / "tokenizer.json"
    value = json.loads(path.read_text())
    value["added_tokens"].append(value["added_tokens"][-1] | {"id": 100_000, "content": "<|more|>"})
    path.write_text(json.dumps(value))
    status, code, said = call(run, capsys, "prepare")
    assert (status, code) == (64, "E_TRAIN_BASE") and "100000" in said


def test_a_checkpoint_of_another_recipe(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(run, capsys)[0] == 0
    put(run, lora={"rank": 2, "alpha": 8, "targets": ["q_proj"]})
    status, code, said = call(run, capsys)
    assert (status, code) == (66, "E_TRAIN_CHECKPOINT") and "no checkpoint of the run is whole" in said
    put(run, recipe_hash="other")
    status, code, said = call(run, capsys)
    assert (status, code) == (64, "E_TRAIN_CHANGED") and "another recipe" in said


def test_a_checkpoint_with_a_pickle_is_never_opened(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(run, capsys)[0] == 0
    (run / "latest" / "optimizer.pt").write_bytes(b"cos\nsystem\n(S'exit 1'\ntR.")
    status, code, said = call(run, capsys)
    assert (status, code) == (66, "E_TRAIN_PICKLE") and "never opened" in said


def test_shards_cut_short_and_changed(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = run / "data" / "train.tokens.u32"
    path.write_bytes(path.read_bytes()[:-4])
    status, code, said = call(run, capsys)
    assert (status, code) == (66, "E_TRAIN_DATA") and "train.tokens.u32" in said


def test_too_little_disk_for_two_checkpoints(
    run: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.train.shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    status, code, said = call(run, capsys)
    assert (status, code) == (64, "E_TRAIN_DISK_FULL") and "are free" in said


def test_a_disk_that_fills_keeps_the_last_checkpoint_and_resumes_exactly(
    run: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write, calls = checkpoint.write_synced, 0

    def full(path: Path, data: bytes) -> None:
        nonlocal calls
        calls += 1
        if calls == 8:  # the third checkpoint's second file
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, data)

    monkeypatch.setattr(checkpoint, "write_synced", full)
    status, code, said = call(run, capsys)
    assert (status, code) == (75, "E_TRAIN_DISK_FULL") and "train resume" in said
    assert sorted(one.name for one in (run / "checkpoints").glob("step-*")) == ["step-00000000", "step-00000002"]
    assert json.loads((run / "latest" / "state.json").read_text())["step"] == 2
    monkeypatch.undo()
    assert call(run, capsys)[0] == 0
    whole = run.parent / "whole"
    whole.mkdir()
    other, _ = prepared(whole, "lora", micro_rows=1)
    put(other)
    assert call(other, capsys)[0] == 0
    assert weights(run) == weights(other)


@pytest.mark.parametrize(("most_rows", "hint"), [(1, "micro_rows=1: that fits"), (0, "length=64")])
def test_out_of_memory_names_what_fits(
    most_rows: int, hint: str, run: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(run, micro_rows=2)
    forward = model.forward

    def small(one: Any, ids: torch.Tensor, documents: Any, *more: Any) -> torch.Tensor:
        if len(documents.bounds) > 2 * most_rows:  # two documents a row
            raise RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory")
        return forward(one, ids, documents, *more)

    monkeypatch.setattr("trainer.step.forward", small)
    status, code, said = call(run, capsys)
    assert (status, code) == (71, "E_TRAIN_MEMORY") and hint in said
    end = read_events(run / "events.jsonl")[-1]
    assert end["type"] == "run-end" and end["code"] == "E_TRAIN_MEMORY" and end["exit"] == 71


def test_a_job_with_a_wrong_key_is_refused(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(run, dropouts=0.1)
    status, code, said = call(run, capsys)
    assert (status, code) == (64, "E_TRAIN_RECIPE") and "dropouts" in said
