"""Kills at any moment end with the same bytes: ten here, 200 by `npm run proof:training-kills`.

Each attempt is a process of its own, forked so that torch is loaded once; KILL and TERM are real.
"""

import hashlib
import json
import os
import random
import signal
import time
from pathlib import Path

import pytest
import torch

from trainer.control import Control
from trainer.errors import STOPPED, WorkerError
from trainer.events import EventLog, read_events
from trainer.job import Job
from trainer.tests.test_train import prepared
from trainer.train import train

KILLS = int(os.environ.get("TRAINING_READY_KILLS", "10"))


def attempt(run: Path, job: Job) -> int:
    """A process that trains on from wherever the run stands; gives its id."""
    process = os.fork()
    if process > 0:
        return process
    status = 70
    try:
        train(run, job, EventLog(run, "test", True), Control(run))
        status = 0
    except WorkerError as error:
        status = error.exit_status
    finally:
        os._exit(status)


def ended(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def hashes(run: Path) -> list[str]:
    paths = [run / "final" / "adapter.safetensors", run / "latest" / "optim.safetensors"]
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def new_run(folder: Path) -> tuple[Path, Job]:
    folder.mkdir()
    return prepared(folder, "experts", micro_rows=1, checkpoint_every_steps=2, eval_every_steps=3)


def test_random_kills_end_with_the_same_bytes(tmp_path: Path) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("no fork on this system")
    torch.set_num_threads(1)
    generator = random.Random(11)
    whole, job = new_run(tmp_path / "whole")
    started = time.monotonic()
    assert ended(attempt(whole, job)) == 0
    length = time.monotonic() - started
    kills, runs, lost, stops = 0, 0, 0, []
    while kills < KILLS:
        run, job = new_run(tmp_path / f"run-{runs}")
        runs += 1
        for tries in range(100):
            process = attempt(run, job)
            if tries >= 6 or kills >= KILLS:
                assert ended(process) == 0
                break
            # Any moment of an attempt: while loading, in a step, in a checkpoint, at the end.
            time.sleep(generator.uniform(0, length))
            hard = generator.random() < 0.5
            asked = time.monotonic()
            os.kill(process, signal.SIGKILL if hard else signal.SIGTERM)
            status = ended(process)
            if status == 0:
                break  # it was over before
            kills += 1
            assert status in ((-signal.SIGKILL,) if hard else (STOPPED, -signal.SIGTERM)), status
            if status == STOPPED:
                stops.append(time.monotonic() - asked)
                events = read_events(run / "events.jsonl")
                # This attempt's own steps: those of one that was killed before are gone, and made again.
                own = [e["step"] for e in events if e["type"] == "step" and e["attempt"] == events[-1]["attempt"]]
                if own:
                    lost = max(lost, own[-1] - json.loads((run / "latest" / "state.json").read_text())["step"])
        else:
            raise AssertionError("never finished")
        assert hashes(run) == hashes(whole), runs
        events = read_events(run / "events.jsonl")
        assert [event["seq"] for event in events] == list(range(len(events)))
    stops.sort()
    slowest = f"{stops[int(0.99 * (len(stops) - 1))]:.2f}" if stops else "none"
    print(f"{kills} kills, {runs} runs, {len(stops)} stops, signal to exit p99 {slowest} s, steps lost by TERM {lost}")
    assert lost <= 1
