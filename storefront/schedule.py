"""What is to be done, and when: tasks and their repetition. jobs.py runs them, in the worker alone.

A task is `async def task(desk, **args)`. It may run twice (a worker died in its midst), so it checks what is already
done, like every handler of an event.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

Task = Callable[..., Awaitable[None]]


class NotDone(Exception):
    """What a task was for did not come about. `waits`: seconds before each further try; then it has failed for good.

    The words are logged: they hold no secret and nothing of a person.
    """

    def __init__(self, cause: str, waits: Sequence[int] = ()) -> None:
        super().__init__(cause)
        self.waits = waits


@dataclass(frozen=True, slots=True)
class Repeated:
    """A task that repeats, on whichever worker comes first. `cron` has five fields, or six with seconds last."""

    cron: str
    task: Task

    @property
    def name(self) -> str:
        """The queue's name for it."""
        return f"{self.task.__module__}.{self.task.__qualname__}"
