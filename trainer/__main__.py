"""The worker's command line: `python -m trainer prepare|calibrate|train|export --run DIR`.

Exit status: 0 done, 75 stopped and resumable, 64 bad recipe, 66 bad data, 72 diverged, 70 bug, 71 out of memory.
"""

import argparse
import sys
import traceback
from pathlib import Path
from typing import Any

from trainer.control import Control, RunLock
from trainer.errors import BUG, DONE, STOPPED, WorkerError
from trainer.events import EventLog
from trainer.job import Job, read_job


def run_command(given: argparse.Namespace, run: Path, job: Job, events: EventLog, control: Control) -> dict[str, Any]:
    """Loads only what the command needs."""
    if given.command == "export":
        from trainer.export import export

        return export(run, job, events, given.form, given.out.resolve(), given.dtype)
    if given.command == "prepare":
        if job.make_base and not (run / job.base / "tokenizer.json").exists():
            from trainer.tiny_base import write_tiny_base

            write_tiny_base(run / job.base)
        from trainer.prepare import prepare

        prepare(run, job, events, control)
        return {}
    from trainer.train import train

    return train(run, job, events, control)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m trainer", description=__doc__)
    parser.add_argument("command", choices=["prepare", "train", "export"])
    parser.add_argument("--run", required=True, type=Path, help="the run folder")
    parser.add_argument("--form", choices=["hf", "dense", "adapters"], default="hf", help="what export writes")
    parser.add_argument("--out", type=Path, help="where export writes")
    parser.add_argument("--dtype", choices=["F32", "F16", "BF16"], help="dtype of an export; default the base's")
    given = parser.parse_args(words)
    if given.command == "export" and given.out is None:
        parser.error("export needs --out")
    run: Path = given.run.resolve()
    try:
        job = read_job(run)
        lock = RunLock(run)
    except WorkerError as error:
        # Not this process's run to write into: the launcher reads the two lines.
        print(f"{error.code}: {error.message}\n{error.hint}", file=sys.stderr)
        return error.exit_status
    events = EventLog(run, job.run, new_attempt=given.command == "train")
    control = Control(run)
    closes = given.command == "train"
    try:
        facts = run_command(given, run, job, events, control)
        if closes:
            events.emit("run-end", status="done", reason="finished", **facts)
        return DONE
    except WorkerError as error:
        status = "stopped" if error.exit_status == STOPPED else "failed"
        fields = {"reason": error.message, "code": error.code, "hint": error.hint, "exit": error.exit_status}
        # A failed export leaves the run as it is: done.
        if given.command == "export":
            events.emit("warn", code=error.code, message=error.message)
        else:
            events.emit("run-end", status=status, **fields)
        print(f"{error.code}: {error.message}\n{error.hint}", file=sys.stderr)
        return error.exit_status
    except Exception as error:  # the boundary: anything else is our bug, reported and exited with 70
        traceback.print_exc()
        hint = "Report the stack that stands on stderr."
        reason = f"{type(error).__name__} in the worker"
        events.emit("run-end", status="failed", reason=reason, code="E_TRAIN_WORKER", hint=hint, exit=BUG)
        return BUG
    finally:
        events.sync()
        lock.release()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
