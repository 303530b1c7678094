"""Coverage of the whole fictional nation: its pages, and the counting behind them."""

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from itertools import cycle, islice

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench import scenes
from bench.measuring import Measurement, expect, milliseconds, seconds
from hocvu.campaigns.actions import fold_coverage, rebuild_coverage
from hocvu.campaigns.models import CoverageSummary, Standing
from hocvu.config.rehearsal import cast, rehearse
from hocvu.exams.actions import take_in_answer_sheets
from hocvu.exams.models import Sitting
from hocvu.kernel.time import day_of
from hocvu.people.models import Person
from hocvu.units.models import PROVINCIAL_KINDS, Unit

_TIMES = 43
_SERVER_TIME = 50


def measure() -> list[Measurement]:
    at = scenes.prepared()
    rehearse(at=at, progress=lambda _sentence, _done, _of: None)
    scenes.settle()
    client = scenes.browser_of(cast.player("lanhdao"))
    nation = list(Unit.objects.filter(code=scenes.NATION))
    provinces = list(Unit.objects.filter(kind__in=PROVINCIAL_KINDS).order_by("path"))
    communes = scenes.communes()[::80]
    people = Person.objects.count()
    rebuilt = tuple(seconds(lambda: rebuild_coverage(at=timezone.now())) for _ in range(3))
    folded, changed = _fold()
    expect("figures of the nation", CoverageSummary.objects.filter(unit__in=nation).count(), 1)
    return [
        *_both("coverage of the nation", client, nation),
        *_both("coverage of a province", client, provinces),
        *_both("coverage of a commune", client, communes),
        *_both("front page with the map of lamps", scenes.browser(), None),
        *_both("who is missing in a province", client, provinces, page="missing", claimed=False),
        Measurement(f"coverage of {people:,} people counted anew, every unit", rebuilt),
        Measurement(f"coverage brought up to date after tests of {changed:,} people", (folded,)),
    ]


def _both(
    what: str,
    client: Client,
    units: Sequence[Unit] | None,
    *,
    page: str = "unit",
    claimed: bool = True,
) -> list[Measurement]:
    """The usual and the worst server time of a page, asked for again and again."""
    addresses = (
        [reverse("portal:front")]
        if units is None
        else [reverse(f"campaigns:{page}", args=[unit.pk]) for unit in units]
    )
    for address in addresses[:2]:
        expect(address, client.get(address).status_code, HTTPStatus.OK)
    asked = islice(cycle(addresses), _TIMES)
    taken = milliseconds(partial(client.get, address) for address in asked)
    against = _SERVER_TIME if claimed and units is not None else None
    return [
        Measurement(f"{what}: server time", taken, "ms", against),
        Measurement(f"{what}: slowest of {len(taken)}", (max(taken),), "ms", against),
    ]


def _fold() -> tuple[float, int]:
    """Results of the class that is under way come in; then the job of every five seconds runs."""
    officer = cast.player("daotao.quocgia")
    sitting = Sitting.objects.filter(training_class__starts_on=day_of(timezone.now())).get()
    sheets = scenes.faultless_sheets(sitting)
    take_in_answer_sheets(sitting, sheets, by=officer, at=timezone.now())
    before = Standing.objects.filter(proficient=True).count()
    taken = seconds(lambda: fold_coverage(at=timezone.now()))
    newly = Standing.objects.filter(proficient=True).count() - before
    expect("that people became proficient", newly > 0, wanted=True)
    return taken, len(sheets)
