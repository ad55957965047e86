"""The worker end to end on a random base: events that fit their schema, exact resume, refusals, micro-batches."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from trainer.control import Control
from trainer.errors import WorkerError
from trainer.events import EventLog, read_events
from trainer.job import Job, build
from trainer.prepare import prepare
from trainer.tests.bases import write_base
from trainer.tests.jobs import job_value
from trainer.train import Trainer, train

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "run-events.schema.json").read_text())


def records(path: Path, count: int) -> dict[str, Any]:
    lines = []
    for n in range(count):
        talk = [{"role": "user", "content": f"say {n % 7} twice"}, {"role": "assistant", "content": f"{n % 7} {n % 7}"}]
        domain = ["psychology", "mental_health"][n % 2]
        lines.append(json.dumps({"id": str(n), "messages": talk, "labels": {"domain": {"value": domain}}}))
    path.write_text("\n".join(lines) + "\n")
    return {"path": str(path), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def write_order(run: Path, rows_per_step: int = 2) -> None:
    """Two documents a row, as the launcher's order file would have them."""
    docs = [json.loads(line) for line in (run / "data" / "train.docs.jsonl").read_text().splitlines()]
    rows = [[n, n + 1] for n in range(0, len(docs) - 1, 2)]
    steps = []
    for first in range(0, len(rows) - rows_per_step + 1, rows_per_step):
        used = [docs[n] for row in rows[first : first + rows_per_step] for n in row]
        step = {"first": first, "count": rows_per_step, "tokens": sum(d["length"] for d in used)}
        steps.append(step | {"supervised": sum(d["supervised"] for d in used)})
    stage = {"name": "train", "rows": rows, "steps": steps, "validation": [[0], [1]], "stepsPerEpoch": len(steps)}
    value: dict[str, Any] = {"version": 1, "seed": 1, "stages": [stage]}
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    value["sha256"] = hashlib.sha256(canonical.encode()).hexdigest()
    (run / "order.json").write_text(json.dumps(value))


def prepared(folder: Path, mode: str, **changes: Any) -> tuple[Path, Job]:
    base, run = folder / "base", folder / "run"
    if not base.exists():
        base.mkdir(parents=True)
        write_base(base, "llama")
    run.mkdir(parents=True)
    files = [records(folder / f"{run.name}.jsonl", 40)]
    sources = [{"split": split, "files": files, "supervise": "assistant"} for split in ("train", "validation")]
    job: Job = build(Job, job_value(base, mode, sources=sources, **changes), "job.json")
    prepare(run, job, EventLog(run, "test", False), Control(run))
    write_order(run)
    return run, job


def weights(run: Path) -> bytes:
    return (run / "final" / "adapter.safetensors").read_bytes()


@pytest.mark.parametrize("mode", ["full", "lora", "experts"])
def test_events_fit_the_committed_schema(mode: str, tmp_path: Path) -> None:
    run, job = prepared(tmp_path, mode)
    train(run, job, EventLog(run, "test", True), Control(run))
    events = read_events(run / "events.jsonl")
    validator = Draft202012Validator(SCHEMA)
    assert [error.message for event in events for error in validator.iter_errors(event)] == []
    assert [event["seq"] for event in events] == list(range(len(events)))
    losses = [event["ce"] for event in events if event["type"] == "step"]
    assert len(losses) == 10 and losses[-1] < losses[0]
    assert not Draft202012Validator(SCHEMA).is_valid(events[-1] | {"seq": -1})


def test_micro_batches_do_not_change_what_a_step_computes(tmp_path: Path) -> None:
    found = []
    for rows in (1, 2):
        folder = tmp_path / str(rows)
        folder.mkdir()
        run, job = prepared(folder, "experts", micro_rows=rows)
        train(run, job, EventLog(run, "test", True), Control(run))
        steps = [e for e in read_events(run / "events.jsonl") if e["type"] == "step"]
        found.append([(e["ce"], e["aux"], e["z"], e["grad_norm"]) for e in steps])
    for one, other in zip(*found, strict=True):
        assert one == pytest.approx(other, rel=2e-4)


def test_a_stop_between_micro_batches_drops_the_step_and_resumes_exactly(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    run, job = prepared(whole, "experts", micro_rows=1)
    train(run, job, EventLog(run, "test", True), Control(run))
    stopped = tmp_path / "stopped"
    stopped.mkdir()
    other, job = prepared(stopped, "experts", micro_rows=1)
    control = Control(other)
    events = EventLog(other, "test", True)
    trainer = Trainer(other, job, events, control)
    asked = 0

    def stop_in_the_middle() -> str | None:
        nonlocal asked
        asked += 1
        control.reason = "test" if asked >= 14 else None
        return control.reason

    control.stop_reason = stop_in_the_middle  # type: ignore[method-assign]
    with pytest.raises(Exception, match="test"):
        trainer.run_all()
    trainer.save("stop")
    train(other, job, EventLog(other, "test", True), Control(other))
    assert weights(other) == weights(run)


def test_a_link_that_a_kill_left_behind_is_moved_to_the_newest_checkpoint(tmp_path: Path) -> None:
    run, job = prepared(tmp_path, "lora", checkpoint_every_steps=2)
    train(run, job, EventLog(run, "test", True), Control(run))
    newest = (run / "latest").resolve()
    (run / "latest").unlink()
    (run / "latest").symlink_to(min((run / "checkpoints").iterdir()).relative_to(run))
    assert (run / "latest").resolve() != newest
    train(run, job, EventLog(run, "test", True), Control(run))
    assert (run / "latest").resolve() == newest


def test_divergence_ends_with_72_and_keeps_the_checkpoint(tmp_path: Path) -> None:
    run, job = prepared(tmp_path, "full", checkpoint_every_steps=1, clip=1e30)
    for stage in job.stages:
        object.__setattr__(stage, "lr", 1e30)
    with pytest.raises(WorkerError) as caught:
        train(run, job, EventLog(run, "test", True), Control(run))
    assert caught.value.exit_status == 72 and "step" in caught.value.message
    assert (run / "latest" / "state.json").exists()


def test_a_past_deadline_is_refused(tmp_path: Path) -> None:
    run, job = prepared(tmp_path, "lora", deadline=1.0)
    with pytest.raises(WorkerError) as caught:
        train(run, job, EventLog(run, "test", True), Control(run))
    assert caught.value.exit_status == 64


def test_data_without_assistant_turns_is_refused_without_its_text(tmp_path: Path) -> None:
    run, job = prepared(tmp_path, "lora")
    path = tmp_path / "bare.jsonl"
    path.write_text(json.dumps({"messages": [{"role": "user", "content": "a secret"}]}) + "\n")
    files = [{"path": str(path), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}]
    source = {"split": "train", "files": files, "supervise": "assistant"}
    job = build(Job, job_value(tmp_path / "base", "lora", sources=[source]), "job.json")
    with pytest.raises(WorkerError) as caught:
        prepare(run, job, EventLog(run, "test", False), Control(run))
    assert caught.value.exit_status == 66 and "secret" not in caught.value.message


def test_a_run_starts_from_another_ones_final_weights(tmp_path: Path) -> None:
    first, job = prepared(tmp_path, "experts", eval_max_rows=1000)
    train(first, job, EventLog(first, "test", True), Control(first))
    (tmp_path / "second").mkdir()
    start = {"path": str(first / "final" / "adapter.safetensors"), "sha256": hashlib.sha256(weights(first)).hexdigest()}
    (tmp_path / "second" / "base").symlink_to(tmp_path / "base")
    run, second = prepared(tmp_path / "second", "experts", eval_max_rows=1000, start=start)
    train(run, second, EventLog(run, "test", True), Control(run))

    def losses(folder: Path) -> dict[str, float]:
        return {e["reason"]: e["loss"] for e in read_events(folder / "events.jsonl") if e["type"] == "eval"}

    assert losses(run)["start"] == pytest.approx(losses(first)["end"], rel=1e-6)
    assert losses(run)["end"] < losses(first)["end"]
    other = job_value(tmp_path / "base", "lora", start=start)
    changed = job_value(tmp_path / "base", "experts", start=start | {"sha256": "0" * 64})
    for value in (other, changed):
        (folder := tmp_path / f"refused-{len(list(tmp_path.iterdir()))}").mkdir()
        run, _ = prepared(folder, "lora")
        with pytest.raises(WorkerError) as caught:
            refused: Job = build(Job, value, "job.json")
            train(run, refused, EventLog(run, "test", True), Control(run))
        assert caught.value.exit_status == 64


def test_each_stage_starts_from_the_weights_of_the_one_before(tmp_path: Path) -> None:
    run, job = prepared(tmp_path, "experts", eval_max_rows=1000)
    one = job_value(tmp_path / "base", "experts", eval_max_rows=1000)["stages"][0]
    stages = [one | {"name": name, "lr": rate} for name, rate in (("foundation", 0.01), ("reasoning", 0.005))]
    value = json.loads((run / "order.json").read_text())
    del value["sha256"]
    value["stages"] = [value["stages"][0] | {"name": stage["name"]} for stage in stages]
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    value["sha256"] = hashlib.sha256(canonical.encode()).hexdigest()
    (run / "order.json").write_text(json.dumps(value))
    job = build(Job, job_value(tmp_path / "base", "experts", eval_max_rows=1000, stages=stages), "job.json")
    train(run, job, EventLog(run, "test", True), Control(run))
    evaluations = [event for event in read_events(run / "events.jsonl") if event["type"] == "eval"]
    found = {(event["stage"], event["reason"]): event["loss"] for event in evaluations}
    assert found["reasoning", "start"] == pytest.approx(found["foundation", "end"], rel=1e-6)
    assert found["foundation", "start"] != pytest.approx(found["foundation", "end"], rel=1e-3)
    rates = [e["lr"] for e in read_events(run / "events.jsonl") if e["type"] == "step" and e["stage"] == "reasoning"]
    assert len(rates) == 10 and max(rates) == pytest.approx(0.005)
