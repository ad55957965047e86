"""When the decay starts early, and what a replay takes from the log."""

import json
import time
from pathlib import Path

import pytest

from trainer.deadline import Pace, cut, earlier_decisions
from trainer.schedule import make_schedule


def pace(seconds: float = 0.1) -> Pace:
    found = Pace()
    for _ in range(10):
        found.add(seconds, 100)
    return found


def test_a_run_on_track_is_left_alone() -> None:
    schedule = make_schedule("wsd", 1.0, [100] * 100, 10, 0.0, 0.2)
    assert cut(schedule, pace(), time.time() + 60, 1000, 9000, 9000, 0, 0.2, 10_000) is None


def test_the_plateau_is_kept_until_the_decay_must_begin() -> None:
    schedule = make_schedule("wsd", 1.0, [100] * 1000, 10, 0.0, 0.2)
    # 20 s buy about 20,000 tokens: of 21,000 in all the decay takes the last 4,200.
    assert cut(schedule, pace(), time.time() + 21, 1000, 99_000, 99_000, 0, 0.2, 100_000) is None
    found = cut(schedule, pace(), time.time() + 4, 18_000, 82_000, 82_000, 0, 0.2, 100_000)
    assert found is not None and found[0] == 18_000 and 20_000 < found[1] < 22_000 and found[2] == 1_000_000


def test_a_slower_machine_brings_the_end_nearer_and_never_past_now() -> None:
    schedule = make_schedule("wsd", 1.0, [100] * 1000, 10, 0.0, 0.2)
    schedule.early = (10_000, 14_000, 1.0)
    found = cut(schedule, pace(), time.time() + 3, 11_000, 89_000, 89_000, 0, 0.2, 100_000)
    assert found is not None and found[0] == 10_000 and 12_000 < found[1] < 13_500 and found[2] == 1_000_000
    assert cut(schedule, pace(), time.time() - 5, 11_000, 89_000, 89_000, 0, 0.2, 100_000) == (
        10_000,
        11_000,
        1_000_000,
    )


def test_a_faster_machine_puts_the_end_off_from_the_rate_that_was_reached() -> None:
    schedule = make_schedule("wsd", 1.0, [100] * 1000, 10, 0.0, 0.2)
    schedule.early = (10_000, 14_000, 1.0)
    before = schedule.rate(12_000, 100)
    found = cut(schedule, pace(), time.time() + 60, 12_000, 88_000, 88_000, 0, 0.2, 100_000)
    assert found is not None and found[1] > 60_000
    schedule.decay_early(*found)
    assert schedule.rate(12_000, 100) == pytest.approx(before, rel=1e-5)
    assert cut(schedule, pace(), time.time() + 60, 12_000, 88_000, 88_000, 0, 0.2, 100_000) is None
    # Early stopping is not taken back.
    assert cut(schedule, pace(), time.time() + 600, 12_000, 88_000, 88_000, 0, 0.2, found[1]) is None


def test_the_last_evaluation_gives_way_before_the_decay_does() -> None:
    schedule = make_schedule("wsd", 1.0, [100] * 1000, 10, 0.0, 0.2)
    schedule.early = (10_000, 14_000, 1.0)
    found = pace()
    found.eval_row_seconds = 0.1
    # 4 s and the reserve are left for 3,000 tokens (3 s): the 20 rows want 2 s of them.
    assert cut(schedule, found, time.time() + 5.0, 11_000, 89_000, 89_000, 20, 0.2, 100_000) is None


def test_later_stages_keep_their_part_of_the_time() -> None:
    schedule = make_schedule("wsd", 1.0, [100] * 100, 10, 0.0, 0.2)
    alone = cut(schedule, pace(), time.time() + 3, 8_000, 2_000, 2_001, 0, 0.2, 10_000)
    shared = cut(schedule, pace(), time.time() + 3, 8_000, 2_000, 12_000, 0, 0.2, 10_000)
    assert alone is not None or shared is not None
    assert shared is not None and shared[1] < 8_600


def test_decisions_after_the_checkpoint_are_found(tmp_path: Path) -> None:
    rows = [
        {"type": "decision", "step": 3, "stage": "s", "kind": "deadline", "start": 1, "end": 2},
        {"type": "decision", "step": 9, "stage": "s", "kind": "deadline", "start": 3, "end": 4},
        {"type": "decision", "step": 9, "stage": "other", "kind": "deadline", "start": 5, "end": 6},
    ]
    (tmp_path / "events.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert {step: one["end"] for step, one in earlier_decisions(tmp_path, 5, "s").items()} == {9: 4}


def test_pace_counts_what_happens_between_steps() -> None:
    found = pace()
    plain = found.per_token()
    found.overhead_seconds = 1.0
    assert plain == pytest.approx(0.001) and found.per_token() == pytest.approx(0.002)
