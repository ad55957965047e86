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
SURER = 1.1  # times the present pace, at least, where the end of a decay is set
BAND = 0.03  # of a decay that is left: smaller changes of the pace do not move its end
SAVES_AT_END = 1.5  # the checkpoint, and the final weights without the optimizer's two thirds
FINISH_SECONDS = 1.6  # of processor time: writing final/, closing the log, ending the process, the report
# A busy machine ends as slowly as it starts: taken when this module is loaded, in the middle of the imports.
START_SECONDS = max(0.0, time.time() - float(os.environ.get("TRAINING_READY_STARTED", time.time())))
START_SHARE = 0.4  # of it kept for the end, as long as no step tells more


@dataclass
class Pace:
    """What steps, evaluations and saves have cost so far."""

    steps: deque[tuple[float, int, float]] = field(default_factory=lambda: deque(maxlen=50))  # clock, tokens, processor
    eval_row_seconds: float = 0.0
    overhead_seconds: float = 0.0  # evaluations and saves between the steps
    tokens: int = 0
    saves: deque[float] = field(default_factory=lambda: deque(maxlen=10))

    def add(self, seconds: float, tokens: int, processor: float | None = None) -> None:
        self.steps.append((seconds, tokens, seconds if processor is None else processor))
        self.tokens += tokens

    def stretches(self) -> list[tuple[float, int, float]]:
        """Clock, tokens and processor time of every few recent steps in a row, the newest last."""
        steps = list(self.steps)
        parts = [steps[at : at + NEWEST] for at in range(max(1, len(steps) - NEWEST + 1))] if steps else []
        return [(sum(s for s, _, _ in one), sum(t for _, t, _ in one), sum(p for _, _, p in one)) for one in parts]

    def per_token(self, worst: bool = False) -> float:
        """Seconds a token with what happens between the steps: as in all recent steps or the last few if slower.

        `worst`: as in the slowest few recent ones, up to three times that.
        """
        times: list[float] = [seconds / tokens for seconds, tokens, _ in self.steps]
        mean = sum(times) / len(times)
        deviation: float = (sum((one - mean) ** 2 for one in times) / len(times)) ** 0.5
        stretches = [seconds / tokens for seconds, tokens, _ in self.stretches()]
        found: float = max(mean + 1.28 * deviation / len(times) ** 0.5, stretches[-1])
        if worst:
            found = max(SURER * found, min(3 * found, max(stretches)))
        return found + self.overhead_seconds / max(1, self.tokens)

    def reserve_seconds(self, worst: bool = False) -> float:
        """What must be left after the next step: a slow step, the last save and the files, the end of the process.

        The end takes its processor time on a machine as busy as lately; `worst`: as it was at its busiest.
        """
        if not self.steps:
            return SAVES_AT_END * max(self.saves, default=0.0) + FINISH_SECONDS + START_SHARE * START_SECONDS
        times = sorted(seconds for seconds, _, _ in self.steps)
        slow = times[-1 if worst else min(len(times) - 1, int(0.95 * len(times)))]
        stretches = self.stretches()
        shares = [seconds / max(1e-6, processor) for seconds, _, processor in stretches]
        mean = sum(times) / max(1e-6, sum(processor for _, _, processor in self.steps))
        busy = max(1.0, *shares) if worst else max(1.0, mean, shares[-1])
        return slow + SAVES_AT_END * max(self.saves, default=0.0) + FINISH_SECONDS * busy


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
    that is left. The end is set as if the machine stayed as slow as it lately was at its slowest; as time shows that
    it is not, the rate goes on from where it stands to a later end, at most `furthest`. Where not even the present
    pace reaches the end, the line that the rate falls along gets a nearer one, and the rate drops to it (the last
    evaluation gives way first).
    """
    left = deadline - time.time()
    final = final_rows * pace.eval_row_seconds
    if not pace.steps:
        none = left <= pace.reserve_seconds() + final
        return (done, done, round(1e6 * schedule.share(done))) if none else None

    def end_after(seconds: float, worst: bool) -> int:
        affordable = max(0.0, seconds - pace.reserve_seconds(worst)) / pace.per_token(worst)
        return furthest if affordable >= all_left else min(furthest, done + int(affordable * stage_left / all_left))

    wanted, latest = end_after(left - final, True), end_after(left, False)
    level = round(1e6 * schedule.share(done))
    if schedule.early is None:
        on_track = wanted >= done + stage_left or done < wanted * (1 - share)
        return None if on_track else (done, wanted, level)
    start, end, before = schedule.early
    if latest < end - BAND * (end - done):
        return (start, max(done, latest), round(1e6 * before))
    return (done, wanted, level) if done < end and wanted > end + BAND * (end - done) else None
