"""Energy used while training, where the machine tells: Linux's RAPL counters, or the GPU's power draw."""

import subprocess
import time
from pathlib import Path

import torch

POWERCAP = Path("/sys/class/powercap")


class EnergyMeter:
    """Joules since it was made; None where nothing can be read. A counter's are exact, a GPU's draw is sampled."""

    def __init__(self, device: torch.device, powercap: Path = POWERCAP) -> None:
        self.device, self.at = device, time.monotonic()
        self.used = 0.0
        self.counters = {one: value for one in powercap.glob("intel-rapl:?") if (value := microjoules(one)) is not None}
        self.watts = draw(device)
        self.source = " and ".join(
            name for name, known in (("RAPL", self.counters), ("GPU power draw", self.watts is not None)) if known
        )

    def read(self) -> float | None:
        """Joules so far. Called every few seconds: a counter that wrapped in between is caught."""
        if not self.source:
            return None
        for folder, before in self.counters.items():
            now = microjoules(folder)
            if now is not None:
                self.used += ((now - before) if now >= before else (now - before + largest(folder))) / 1e6
                self.counters[folder] = now
        moment = time.monotonic()
        if self.watts is not None:
            watts = draw(self.device) or self.watts
            self.used += (watts + self.watts) / 2 * (moment - self.at)
            self.watts = watts
        self.at = moment
        return self.used


def microjoules(folder: Path) -> int | None:
    try:
        return int((folder / "energy_uj").read_text())
    except (OSError, ValueError):
        return None  # often readable by root alone


def largest(folder: Path) -> int:
    return int((folder / "max_energy_range_uj").read_text())


def draw(device: torch.device) -> float | None:
    """The GPU's watts now, by nvidia-smi."""
    if device.type != "cuda":
        return None
    words = ["nvidia-smi", f"--id={device.index or 0}", "--query-gpu=power.draw", "--format=csv,noheader,nounits"]
    try:
        return float(subprocess.run(words, capture_output=True, text=True, timeout=5, check=True).stdout.strip())
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
