"""Energy from counters as Linux lays them out, a wrap included; nothing where there are none."""

from pathlib import Path

import pytest
import torch

from trainer.energy import EnergyMeter


def write(folder: Path, microjoules: int) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "energy_uj").write_text(f"{microjoules}\n")
    (folder / "max_energy_range_uj").write_text("1000000000\n")


def test_counters_add_up_over_packages_and_wraps(tmp_path: Path) -> None:
    first, second = tmp_path / "intel-rapl:0", tmp_path / "intel-rapl:1"
    write(first, 999_000_000)
    write(second, 5_000_000)
    write(tmp_path / "intel-rapl:0:0", 7)  # a part of the first: not counted twice
    meter = EnergyMeter(torch.device("cpu"), tmp_path)
    assert meter.source == "RAPL" and meter.read() == pytest.approx(0.0)
    write(first, 2_000_000)
    write(second, 8_000_000)
    assert meter.read() == pytest.approx(3.0 + 3.0)


def test_nothing_is_guessed(tmp_path: Path) -> None:
    meter = EnergyMeter(torch.device("cpu"), tmp_path)
    assert meter.source == "" and meter.read() is None
