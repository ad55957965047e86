"""Keeping an absolute deadline: when the clock would cut a run, its decay starts early, so that it ends decayed.

A decision is an event and stands in the checkpoint; a replay after a kill obeys it, not the clock.
"""

import os
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trainer.events import read_events
from trainer.schedule import Schedule

NEWEST = 5  # steps that tell a slowdown
FINISH_SECONDS = 1.2  # of processor time: writing final/, closing the log, ending the process, the report
# A busy machine ends as slowly as it starts: taken when this module is loaded, in the middle of the imports.
START_SECONDS = max(0.0, time.time() - float(os.environ.get("TRAINING_READY_STARTED", time.time())))
START_SHARE = 0.4  # of it kept for the end, as long as no step tells more


@dataclass
class Pace:
    """What steps, evaluations and saves have cost so far."""

    steps: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=50))  # (seconds, tokens)
    eval_row_seconds: float = 0.0
    overhead_seconds: float = 0.0  # evaluations and saves between the steps
    tokens: int = 0
    save_seconds: float = 0.0
    busy: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=50))  # (clock, processor)

    def add(self, seconds: float, tokens: int, processor: float | None = None) -> None:
        self.steps.append((seconds, tokens))
        self.tokens += tokens
        self.busy.append((seconds, seconds if processor is None else processor))

    def finish_seconds(self) -> float:
        """What is kept for the end of the process, on a machine as busy as it is now."""
        if not self.busy:
            return FINISH_SECONDS + START_SHARE * START_SECONDS
        clock, processor = sum(one for one, _ in self.busy), sum(one for _, one in self.busy)
        return FINISH_SECONDS * max(1.0, clock / max(processor, 1e-6))

    def per_token(self) -> float:
        """Seconds a token with what happens between the steps: the mean's 90 % point, or the last steps' if slower."""
        times: list[float] = [seconds / tokens for seconds, tokens in self.steps]
        mean = sum(times) / len(times)
        deviation: float = (sum((one - mean) ** 2 for one in times) / len(times)) ** 0.5
        upper: float = max(mean + 1.28 * deviation / len(times) ** 0.5, sum(times[-NEWEST:]) / len(times[-NEWEST:]))
        return upper + self.overhead_seconds / max(1, self.tokens)

    def slow_step(self) -> float:
        """The 95 % point of recent steps."""
        times = sorted(seconds for seconds, _ in self.steps)
        return times[min(len(times) - 1, int(0.95 * len(times)))]


def earlier_decisions(run: Path, step: int, stage: str) -> dict[int, dict[str, Any]]:
    """Decisions that an earlier attempt made after the checkpoint: by the step after which they were made."""
    events = [
        one for one in read_events(run / "events.jsonl") if one["type"] == "decision" and one.get("stage") == stage
    ]
    return {one["step"]: one for one in events if one["step"] >= step}


def cut(
    schedule: Schedule,
    pace: Pace,
    deadline: float,
    done: int,
    stage_left: int,
    all_left: int,
    final_rows: int,
    share: float,
) -> tuple[int, int] | None:
    """Where the decay must now begin and end, in the stage's tokens, or None while the run is on track.

    `share` is the decay's part of a run; later stages keep their part of the time that is left.
    """
    margin = pace.save_seconds + final_rows * pace.eval_row_seconds + pace.finish_seconds()
    if not pace.steps:
        return (done, done) if deadline - time.time() <= margin else None
    margin += pace.slow_step()
    affordable = max(0.0, deadline - time.time() - margin) / pace.per_token()
    if schedule.early is not None:
        start, end = schedule.early
        sooner = done + int(affordable * (end - done) / max(1, end - done + all_left - stage_left))
        return (start, max(done, sooner)) if sooner < end else None
    if affordable >= all_left:
        return None
    end = done + int(affordable * stage_left / max(1, all_left))
    return (done, end) if done >= end * (1 - share) else None
