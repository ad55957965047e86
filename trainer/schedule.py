"""The learning rate as a function of tokens: warm-up, stable, decay (WSD), or warm-up and cosine."""

import math
from dataclasses import dataclass


@dataclass
class Schedule:
    """`total` and the rest count real tokens; an early end moves the decay, and is a recorded decision."""

    kind: str
    peak: float
    total: int
    warmup: int
    decay: int
    early: tuple[int, int, float] | None = None  # decay from this token and share of the peak to that token, the end

    def rate(self, before: int, step_tokens: int) -> float:
        """The rate of the step that begins after `before` tokens; never 0, so that every step counts."""
        rising = min(1.0, (before + step_tokens) / self.warmup) if self.warmup > 0 else 1.0
        return self.peak * rising * self.share(before)

    def share(self, before: int) -> float:
        """The share of the peak after `before` tokens, warm-up left out."""
        if self.early is not None and before >= self.early[0]:
            start, end, level = self.early
            return level * max(0.0, (end - before) / max(1, end - start))
        return self._stable(before)

    def decay_early(self, start: int, end: int, millionths: int | None) -> None:
        """Decays to `end` from here on; without `millionths` (older logs) from the plateau's share."""
        self.early = (start, end, self._stable(start) if millionths is None else millionths / 1e6)

    def over(self, done: int) -> bool:
        """Whether an early end is reached."""
        return self.early is not None and done >= self.early[1]

    def _stable(self, before: int) -> float:
        left = self.total - before
        if self.kind == "cosine":
            done = max(0.0, (before - self.warmup) / max(1, self.total - self.warmup))
            return 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
        return max(0.0, min(1.0, left / self.decay)) if self.decay > 0 else 1.0


def make_schedule(
    kind: str, peak: float, step_tokens: list[int], warmup_steps: int, warmup_share: float, decay_share: float
) -> Schedule:
    """Warm-up is the smaller of `warmup_steps` steps and `warmup_share` of all tokens."""
    total = sum(step_tokens)
    warmup = min(sum(step_tokens[:warmup_steps]), int(warmup_share * total))
    return Schedule(kind, peak, total, warmup, int(decay_share * total))
