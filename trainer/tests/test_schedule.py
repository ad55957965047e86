"""The learning rate: warm-up, plateau, decay; never zero; an early end decays to it."""

import pytest

from trainer.schedule import make_schedule


def rates(kind: str = "wsd", early: tuple[int, int, float] | None = None) -> list[float]:
    schedule = make_schedule(kind, 1.0, [10] * 100, 1000, 0.1, 0.2)
    schedule.early = early
    return [schedule.rate(10 * step, 10) for step in range(100)]


def test_wsd_rises_stays_and_falls() -> None:
    found = rates()
    assert found[0] == pytest.approx(0.1) and found[9] == pytest.approx(1.0)
    assert all(rate == 1.0 for rate in found[9:81])
    assert found[81] < 1.0 and found[99] == pytest.approx(0.05)
    assert sorted(found[80:], reverse=True) == found[80:]


def test_warm_up_is_the_smaller_of_steps_and_share() -> None:
    assert make_schedule("wsd", 1.0, [10] * 100, 3, 0.1, 0.2).warmup == 30


def test_cosine_ends_low() -> None:
    found = rates("cosine")
    assert max(found) == pytest.approx(1.0, abs=1e-3) and 0 < found[99] < 0.01


def test_an_early_end_decays_from_where_it_stands() -> None:
    found = rates(early=(500, 600, 1.0))
    assert found[49] == 1.0 and found[50] == 1.0 and found[59] == pytest.approx(0.1) and found[60] == 0.0
