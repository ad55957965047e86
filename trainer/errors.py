"""Failures that the worker foresees, with the exit status that says what kind they are."""

from typing import Any, NoReturn

DONE, BAD_RECIPE, BAD_DATA, BUG, OUT_OF_MEMORY, DIVERGED, STOPPED = 0, 64, 66, 70, 71, 72, 75


class WorkerError(Exception):
    """A foreseen failure: exit status, permanent code, what happened, the one thing to do next."""

    def __init__(self, exit_status: int, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.exit_status, self.code, self.message, self.hint = exit_status, code, message, hint
        self.facts: dict[str, Any] = {}  # further fields of the closing event


class StopRequest(Exception):
    """Asked to stop: the partial step is dropped, what is done is saved."""


def bad_recipe(message: str, hint: str, code: str = "E_TRAIN_RECIPE") -> NoReturn:
    raise WorkerError(BAD_RECIPE, code, message, hint)


def bad_base(message: str, hint: str) -> NoReturn:
    raise WorkerError(BAD_RECIPE, "E_TRAIN_BASE", message, hint)


def bad_data(message: str, hint: str, code: str = "E_TRAIN_DATA") -> NoReturn:
    raise WorkerError(BAD_DATA, code, message, hint)
