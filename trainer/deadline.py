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
BAND = 0.03  # of a decay that is left: smaller changes of the pace do not move its end
SAVES_AT_END = 1.5  # the checkpoint, and the final weights without the optimizer's two thirds
FINISH_SECONDS = 1.6  # of processor time: writing final/, closing the log, ending the process, the report
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
    saves: deque[float] = field(default_factory=lambda: deque(maxlen=10))
    busy: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=50))  # (clock, processor)

    def add(self, seconds: float, tokens: int, processor: float | None = None) -> None:
        self.steps.append((seconds, tokens))
        self.tokens += tokens
        self.busy.append((seconds, seconds if processor is None else processor))

    def finish_seconds(self) -> float:
        """What is kept for the end of the process, on a machine as busy as it lately was at its busiest."""
        if not self.busy:
            return FINISH_SECONDS + START_SHARE * START_SECONDS
        recent = list(self.busy)
        windows = [recent, *(recent[at : at + NEWEST] for at in range(max(1, len(recent) - NEWEST + 1)))]
        shares = [sum(one for one, _ in some) / max(1e-6, sum(one for _, one in some)) for some in windows]
        return FINISH_SECONDS * max(1.0, *shares)

    def per_token(self) -> float:
        """Seconds a token with what happens between the steps: the mean's 90 % point, or the last steps' if slower."""
        times: list[float] = [seconds / tokens for seconds, tokens in self.steps]
        mean = sum(times) / len(times)
        deviation: float = (sum((one - mean) ** 2 for one in times) / len(times)) ** 0.5
        upper: float = max(mean + 1.28 * deviation / len(times) ** 0.5, sum(times[-NEWEST:]) / len(times[-NEWEST:]))
        return upper + self.overhead_seconds / max(1, self.tokens)

    def reserve_seconds(self) -> float:
        """What must be left after the next step: the slowest recent one, the last save and the files, the end."""
        slowest = max((seconds for seconds, _ in self.steps), default=0.0)
        return slowest + SAVES_AT_END * max(self.saves, default=0.0) + self.finish_seconds()


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
    furthest: int,
) -> tuple[int, int, int] | None:
    """Where the decay must now begin and end, in the stage's tokens, and its level in millionths of the peak.

    None while the run is on track. `share` is the decay's part of a run; later stages keep their part of the time
    that is left. Where the machine gets slower, the line that the rate falls along gets a nearer end, and the rate
    drops to it (the last evaluation gives way first); where it gets faster, the rate goes on from where it stands to
    a later end, at most `furthest`.
    """
    room = deadline - time.time() - pace.reserve_seconds()
    if not pace.steps:
        return (done, done, round(1e6 * schedule.share(done))) if room <= final_rows * pace.eval_row_seconds else None

    def end_after(seconds: float) -> int:
        affordable = max(0.0, seconds) / pace.per_token()
        return furthest if affordable >= all_left else min(furthest, done + int(affordable * stage_left / all_left))

    wanted, latest = end_after(room - final_rows * pace.eval_row_seconds), end_after(room)
    level = round(1e6 * schedule.share(done))
    if schedule.early is None:
        on_track = wanted >= done + stage_left or done < wanted * (1 - share)
        return None if on_track else (done, wanted, level)
    start, end, before = schedule.early
    if latest < end - BAND * (end - done):
        return (start, max(done, latest), round(1e6 * before))
    return (done, wanted, level) if done < end and wanted > end + BAND * (end - done) else None
