"""Simulated runs on machines of changing speed, the clock included: in time, decayed, little of the window left."""

import random

import pytest

from trainer import deadline as module
from trainer.deadline import Pace, cut
from trainer.schedule import make_schedule

STEP_TOKENS, SHARE = 1000, 0.2


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def time(self) -> float:
        return self.now


def simulate(seed: int, window: float, slowest: float, monkeypatch: pytest.MonkeyPatch) -> tuple[float, list[float]]:
    """Seconds left at the end, and the rates; far more steps than fit. The speed changes, some steps stall."""
    clock, random_ = Clock(), random.Random(seed)
    monkeypatch.setattr(module, "time", clock)
    end_at = clock.now + window
    changes = sorted(random_.uniform(0, window) for _ in range(3))
    speeds = [random_.uniform(1, slowest) for _ in range(4)]
    schedule, pace = make_schedule("wsd", 1.0, [STEP_TOKENS] * 5000, 20, 0.03, SHARE), Pace()
    pace.eval_row_seconds = 0.02
    pace.saves.append(0.1)
    done, rates = 0, []
    while not schedule.over(done) and done < schedule.total:
        rates.append(schedule.rate(done, STEP_TOKENS))
        passed = clock.now - (end_at - window)
        slower = speeds[sum(passed > one for one in changes)] * random_.uniform(0.9, 1.3)
        stalls = slowest > 1 and random_.random() < 0.02
        seconds = 0.1 * slower * (slowest if stalls else 1)
        clock.now += seconds
        done += STEP_TOKENS
        pace.add(seconds, STEP_TOKENS, seconds / slower)
        left = schedule.total - done
        found = cut(schedule, pace, end_at, done, left, left, 20, SHARE, schedule.total)
        if found is not None:
            schedule.decay_early(*found)
    # What the end takes on a machine as slow as its last step: evaluation of what fits, checkpoint, files.
    room = end_at - clock.now - pace.reserve_seconds()
    rows = max(0, min(20, int(room / pace.eval_row_seconds)))
    clock.now += rows * pace.eval_row_seconds + 1.5 * 0.1 + 0.5 * slower
    return end_at - clock.now, rates


@pytest.mark.parametrize(("slowest", "least_used"), [(1.0, 0.97), (4.0, 0.91)])
def test_every_run_ends_in_time_and_decayed(slowest: float, least_used: float, monkeypatch: pytest.MonkeyPatch) -> None:
    used = []
    for seed in range(50):
        left, rates = simulate(seed, 60.0, slowest, monkeypatch)
        assert left >= 0, seed
        falling = rates[rates.index(max(rates)) + 1 :]
        below = sum(one < 0.999 * max(rates) for one in falling)
        assert below >= 5 and rates[-1] <= 0.25 * max(rates), (seed, rates[-10:])
        used.append(1 - left / 60)
    assert sum(used) / len(used) >= least_used
