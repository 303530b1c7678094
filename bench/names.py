"""What can be measured."""

from typing import Final

# Name → module with `measure() -> list[Measurement]`; None where there is nothing to measure yet.
NAMES: Final[dict[str, str | None]] = {
    "main-job": "bench.main_job",
    "people-units": "bench.people_units",
    "classes": "bench.classes",
    "exams": "bench.exams",
    "credentials": "bench.credentials",
    "campaigns": "bench.campaigns",
    "lessons-records": None,
    "chaos": "bench.chaos",
    "issuing-chaos": "bench.issuing_chaos",
}

# These start the program the way a person does; the others work inside a process of Django's.
STARTED_FROM_OUTSIDE: Final = {"main-job"}
