"""The loss of what was exported, read back: the trained model's own in fp32, measured apart where it is rounded."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from trainer.control import Control
from trainer.events import EventLog, read_events
from trainer.export import export
from trainer.tests.test_train import SCHEMA, prepared
from trainer.train import train


@pytest.mark.parametrize(
    ("mode", "form", "dtype", "bounds"),
    [
        ("lora", "hf", "F32", (0.0, 1e-5)),
        ("experts", "hf", "F32", (0.0, 1e-5)),
        ("experts", "hf", "BF16", (1e-7, 0.2)),  # rounding is seen, and is small
        ("experts", "dense", "F32", (1e-7, 0.5)),  # so is averaging the experts
    ],
)
def test_an_export_says_what_it_costs(
    mode: str, form: str, dtype: str, bounds: tuple[float, float], tmp_path: Path
) -> None:
    run, job = prepared(tmp_path, mode)
    events, control = EventLog(run, "test", True), Control(run)
    train(run, job, events, control)
    losses = export(run, job, events, form, tmp_path / "out", dtype, control)["losses"]
    assert losses["documents"] == 40 and losses["tokens"] > 0
    assert bounds[0] <= abs(losses["exported"] - losses["trained"]) <= bounds[1], losses
    validator = Draft202012Validator(SCHEMA)
    assert [
        error.message for event in read_events(run / "events.jsonl") for error in validator.iter_errors(event)
    ] == []
