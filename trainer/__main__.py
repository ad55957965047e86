"""The worker's command line: `python -m trainer prepare|calibrate|train|export|score|eval|sample --run DIR`.

Exit status: 0 done, 75 stopped and resumable, 64 bad recipe, 66 bad data, 72 diverged, 70 bug, 71 out of memory.
"""

import argparse
import contextlib
import errno
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from trainer.control import Control, RunLock
from trainer.errors import BUG, DONE, STOPPED, WorkerError
from trainer.events import EventLog
from trainer.job import Job, read_job

COMMANDS = ("prepare", "calibrate", "train", "export", "score", "eval", "sample")
READS = ("export", "score", "eval", "sample")  # leave the run's state as it is


def run_command(given: argparse.Namespace, run: Path, job: Job, events: EventLog, control: Control) -> dict[str, Any]:
    """Loads only what the command needs."""
    match given.command:
        case "prepare":
            if job.make_base and not (run / job.base / "tokenizer.json").exists():
                from trainer.tiny_base import write_tiny_base

                write_tiny_base(run / job.base)
            from trainer.prepare import prepare

            prepare(run, job, events, control)
        case "calibrate":
            from trainer.calibrate import calibrate

            calibrate(run, job, events, control, given.seconds)
        case "export":
            from trainer.export import export

            export(run, job, events, given.form, given.out.resolve(), given.dtype, control)
        case "score":
            from trainer.score import score

            score(run, job, given.out, given.count)
        case "eval":
            from trainer.score import evaluate_run

            evaluate_run(run, job, given.out, control)
        case "sample":
            from trainer.score import sample

            sample(run, job, given.out, given.prompt, given.count)
        case _:
            from trainer.train import train

            return train(run, job, events, control)
    return {}


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m trainer", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    # torchrun takes --run for a prefix of its own --run-path: behind it, say --at.
    parser.add_argument("--run", "--at", required=True, type=Path, help="the run folder")
    parser.add_argument(
        "--form", choices=["hf", "mixture", "dense", "adapters"], default="hf", help="what export writes"
    )
    parser.add_argument("--out", type=Path, help="where export, score, eval and sample write")
    parser.add_argument("--dtype", choices=["F32", "F16", "BF16"], help="dtype of an export; default the base's")
    parser.add_argument("--count", type=int, default=512, help="positions to score, tokens to sample")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long to calibrate, about")
    parser.add_argument("--prompt", action="append", default=[], help="a synthetic prompt to sample")
    given = parser.parse_args(words)
    if given.command in READS and given.out is None:
        parser.error(f"{given.command} needs --out")
    return given


def report_bug(command: str, events: EventLog, error: Exception) -> int:
    """The stack on stderr, the run closed, status 70."""
    traceback.print_exception(error)
    reason = f"{type(error).__name__} in the worker"
    hint = "Report the stack that stands on stderr."
    if command not in READS:
        events.emit("run-end", status="failed", reason=reason, code="E_TRAIN_WORKER", hint=hint, exit=BUG)
    print(f"E_TRAIN_WORKER: {reason}\n{hint}", file=sys.stderr)
    return BUG


def follow(given: argparse.Namespace, run: Path) -> int:
    """A process of torchrun beside the first: it computes, and writes nothing."""
    from trainer.ranks import SilentLog
    from trainer.train import train

    if given.command != "train":
        return DONE
    try:
        train(run, read_job(run), SilentLog(), Control(run))
    except WorkerError as error:
        return error.exit_status
    return DONE


def main(words: list[str]) -> int:
    given = parse(words)
    run: Path = given.run.resolve()
    if int(os.environ.get("RANK", "0")) > 0:
        return follow(given, run)
    try:
        job = read_job(run)
        lock = RunLock(run)
    except WorkerError as error:
        # Not this process's run to write into: the launcher reads the two lines.
        print(f"{error.code}: {error.message}\n{error.hint}", file=sys.stderr)
        return error.exit_status
    events = EventLog(run, job.run, new_attempt=given.command == "train")
    control = Control(run)
    try:
        facts = run_command(given, run, job, events, control)
        if given.command == "train":
            events.emit("run-end", status="done", reason="finished", **facts)
        return DONE
    except WorkerError as error:
        status = "stopped" if error.exit_status == STOPPED else "failed"
        fields = error.facts | {"reason": error.message, "code": error.code, "hint": error.hint}
        fields["exit"] = error.exit_status
        # A failed export leaves the run as it is: done.
        if given.command in READS:
            events.emit("warn", code=error.code, message=error.message)
        else:
            events.emit("run-end", status=status, **fields)
        print(f"{error.code}: {error.message}\n{error.hint}", file=sys.stderr)
        return error.exit_status
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return report_bug(given.command, events, error)
        # Not even the log may fit: people read stderr, the last whole checkpoint stands.
        print("E_TRAIN_DISK_FULL: the disk is full\nFree space, then `train resume`.", file=sys.stderr)
        return STOPPED
    except Exception as error:  # the boundary: anything else is our bug, reported and exited with 70
        return report_bug(given.command, events, error)
    finally:
        with contextlib.suppress(OSError):
            events.sync()
        lock.release()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
