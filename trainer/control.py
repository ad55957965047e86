"""Who may run and when to stop: the run's lock, signals, the launcher's life, the control file."""

import fcntl
import json
import os
import signal
import time
from pathlib import Path
from types import FrameType
from typing import Any

from trainer.errors import BUG, WorkerError

ORPHAN_GRACE_SECONDS = 15.0


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class RunLock:
    """An flock on `run.lock`, the holder's and its launcher's pid inside; freed by the kernel at any death."""

    def __init__(self, run: Path) -> None:
        self._handle = os.open(run / "run.lock", os.O_RDWR | os.O_CREAT, 0o644)
        give_up = time.monotonic() + ORPHAN_GRACE_SECONDS
        while not self._take():
            holder = self._holder()
            # A worker whose launcher died stops by itself soon: wait for it instead of refusing.
            if alive(holder.get("launcher", 0)) or time.monotonic() > give_up:
                message = f"the run is in use by process {holder.get('pid', 'unknown')}"
                raise WorkerError(BUG, "E_TRAIN_RUN_BUSY", message, "Wait for it, or end it with `train stop`.")
            time.sleep(0.1)
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, json.dumps({"pid": os.getpid(), "launcher": os.getppid()}).encode(), 0)

    def release(self) -> None:
        os.close(self._handle)

    def _take(self) -> bool:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _holder(self) -> dict[str, int]:
        try:
            return dict(json.loads(os.pread(self._handle, 200, 0)))
        except ValueError:
            return {}


class Control:
    """Asked between micro-batches: a signal, a dead launcher, or a new line of `control.jsonl`."""

    def __init__(self, run: Path) -> None:
        self.reason: str | None = None
        self._path = run / "control.jsonl"
        self._offset = self._path.stat().st_size if self._path.exists() else 0
        self._parent = os.getppid()
        self._asked: set[str] = set()
        for one in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            signal.signal(one, self._on_signal)

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        self.reason = f"signal {signal.Signals(number).name}"

    def stop_reason(self) -> str | None:
        if self.reason is None and os.getppid() != self._parent:
            self.reason = "launcher gone"
        return self.reason

    def requests(self) -> list[dict[str, Any]]:
        """Whole new lines of the control file, each id once; what is no request is passed over."""
        if not self._path.exists() or self._path.stat().st_size <= self._offset:
            return []
        with open(self._path, "rb") as file:
            file.seek(self._offset)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        found: list[dict[str, Any]] = []
        for line in whole.splitlines():
            try:
                value = json.loads(line)
            except ValueError:
                continue
            if isinstance(value, dict) and isinstance(value.get("id"), str) and value["id"] not in self._asked:
                self._asked.add(value["id"])
                found.append(value)
        return found
