"""The run's append-only event log: one JSON object a line, `seq` without a gap, one writer."""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def read_events(path: Path) -> list[dict[str, Any]]:
    """All whole lines; a torn last line is left out."""
    if not path.exists():
        return []
    data = path.read_bytes()
    return [json.loads(line) for line in data[: data.rfind(b"\n") + 1].splitlines()]


class EventLog:
    """Appends events, each flushed to the kernel before the next; `sync` at checkpoints."""

    def __init__(self, folder: Path, run: str, new_attempt: bool) -> None:
        path = folder / "events.jsonl"
        self._file = open(path, "ab", buffering=0)  # noqa: SIM115 - lives as long as the run
        data = path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.truncate(path, whole)
        lines = data[:whole].splitlines()
        last = json.loads(lines[-1]) if lines else {"seq": -1}
        self.run, self.seq = run, int(last["seq"]) + 1
        self.at = time.monotonic()  # of the last event
        # An attempt is one start of training: each says hello once.
        self.attempt = max(1, data.count(b'"type":"hello"') + (1 if new_attempt else 0))

    def emit(self, type_: str, **fields: Any) -> None:
        moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        event = {"v": 1, "seq": self.seq, "t": moment, "run": self.run, "attempt": self.attempt, "type": type_}
        # NaN is no JSON: a diverged value is written as null and named in run-end.
        text = json.dumps(clean({**event, **fields}), separators=(",", ":"), allow_nan=False)
        self._file.write(text.encode() + b"\n")
        self.seq += 1
        self.at = time.monotonic()

    def sync(self) -> None:
        os.fsync(self._file.fileno())


def clean(value: Any) -> Any:
    """Floats that JSON cannot hold become null; others keep eight digits."""
    if isinstance(value, float):
        return float(f"{value:.8g}") if value - value == 0 else None
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value
