"""The job worker: lanes, so that what runs by the clock waits for nothing slow.

Each lane is a process of its own, started by `hocvu serve`: NumPy in one takes no turn from the
other, and whatever ends one leaves the other running. Within a lane jobs run one after another.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final, cast

from django.db import connections
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.django_connector import DjangoConnector


class Lane(StrEnum):
    PROMPT = "prompt"  # within seconds: papers handed in by the clock, coverage, seals of a day
    LONG = "long"  # minutes to hours: calibrations, certificates, marking everybody anew
    POST = "post"  # as slow as somebody else's server: messages to people


LONG_QUEUES: Final = frozenset({"calibration", "certificates", "corrections"})
POST_QUEUES: Final = frozenset({"notices"})


def queues_of(lane: Lane) -> tuple[str, ...]:
    """Every queue that some job waits in stands in exactly one lane: prompt unless named above."""
    return tuple(
        sorted({each.queue for each in jobs.tasks.values() if _lane_of(each.queue) is lane})
    )


def _lane_of(queue: str) -> Lane:
    if queue in LONG_QUEUES:
        return Lane.LONG
    return Lane.POST if queue in POST_QUEUES else Lane.PROMPT


def work(lane: Lane | None = None, **options: Any) -> None:
    """Run the jobs of a lane until stopped; without one, of every queue, one after another."""
    connector = cast(DjangoConnector, jobs.connector).get_worker_connector()
    jobs.with_connector(connector).run_worker(
        queues=list(queues_of(lane)) if lane else None,
        name=lane.value if lane else "worker",
        delete_jobs="successful",
        task_middleware=[with_its_own_connection],
        **options,
    )


def with_its_own_connection(job: Callable[[], Any], _context: object, _worker: object) -> object:
    """Jobs run in threads that outlive them: none finds the connection of the job before.

    After a restart of the database that one would be dead, and a pool waits for it in vain.
    """
    connections.close_all()
    try:
        return job()
    finally:
        connections.close_all()
