"""Two processes on one run compute what one does; a stop of one is agreed on and resumes."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from safetensors.torch import load_file

from trainer.control import Control
from trainer.events import EventLog, read_events
from trainer.tests.jobs import job_value
from trainer.tests.test_train import prepared
from trainer.train import train

ROOT = Path(__file__).parents[2]


class Pair:
    """Two processes with the environment that torchrun gives them."""

    def __init__(self, run: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        shared = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "OMP_NUM_THREADS": "1"}
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-m", "trainer", "train", "--run", str(run)],
                cwd=ROOT,
                env=os.environ | shared | {"RANK": str(rank), "LOCAL_RANK": str(rank), "GLOO_SOCKET_IFNAME": "lo"},
                stderr=subprocess.PIPE,
            )
            for rank in range(2)
        ]

    def end(self, seconds: float) -> list[int]:
        """Both exit statuses; whoever still lives after `seconds` is killed."""
        for one in self.processes:
            try:
                one.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                one.kill()
                one.communicate()
        return [one.returncode for one in self.processes]


def test_two_processes_train_as_one(tmp_path: Path) -> None:
    alone, both = tmp_path / "alone", tmp_path / "both"
    for folder in (alone, both):
        folder.mkdir()
    run, job = prepared(alone, "experts", micro_rows=1)
    train(run, job, EventLog(run, "test", True), Control(run))
    other, _ = prepared(both, "experts", micro_rows=1)
    value = job_value(both / "base", "experts", micro_rows=1)
    (other / "job.json").write_text(json.dumps(value))
    assert Pair(other).end(60) == [0, 0]
    one, two = load_file(run / "final/adapter.safetensors"), load_file(other / "final/adapter.safetensors")
    for name, part in one.items():
        assert (part - two[name]).norm() <= 1e-3 * part.norm().clamp_min(1e-3), name
    steps = [[e["ce"] for e in read_events(r / "events.jsonl") if e["type"] == "step"] for r in (run, other)]
    assert steps[0] == pytest.approx(steps[1], rel=1e-3) and len(steps[0]) == 10


@pytest.mark.slow
def test_a_stop_is_agreed_on(tmp_path: Path) -> None:
    run, _ = prepared(tmp_path, "lora")
    stages = [{"name": "train", "mode": "lora", "split": "train", "validation": "validation", "lr": 0.01}]
    (run / "job.json").write_text(json.dumps(job_value(tmp_path / "base", "lora", stages=stages)))
    order = json.loads((run / "order.json").read_text())
    assert len(order["stages"][0]["steps"]) == 10
    pair = Pair(run)
    for _ in range(600):
        if (run / "events.jsonl").exists() and b'"type":"step"' in (run / "events.jsonl").read_bytes():
            break
        time.sleep(0.05)
    pair.processes[1].send_signal(signal.SIGTERM)  # not the first: it must hear of it
    assert pair.end(60) == [75, 75]
    end = read_events(run / "events.jsonl")[-1]
    assert end["type"] == "run-end" and end["status"] == "stopped"
    assert Pair(run).end(60) == [0, 0] and (run / "final" / "adapter.json").exists()


@pytest.mark.slow
def test_torchrun_starts_it_as_it_is(tmp_path: Path) -> None:
    run, _ = prepared(tmp_path, "lora")
    (run / "job.json").write_text(json.dumps(job_value(tmp_path / "base", "lora")))
    words = ["torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "trainer", "train", "--at"]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    done = subprocess.run([sys.executable, "-m", *words, str(run)], cwd=ROOT, env=environment, timeout=300)
    assert done.returncode == 0 and (run / "final" / "adapter.json").exists()
    hello = next(event for event in read_events(run / "events.jsonl") if event["type"] == "hello")
    assert hello["world"] == 2
