"""Loading campaigns, and keeping the standings and their summaries true."""

import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from hocvu.audit.actions import record
from hocvu.campaigns.models import Campaign, CoverageSummary, StandingToReview, Target
from hocvu.classes.models import TrainingClass
from hocvu.classes.queries import attendance_of
from hocvu.classes.rules import attendance_rate
from hocvu.competency.models import Framework
from hocvu.kernel.time import day_of

_CAMPAIGNS = Path(__file__).parent / "campaigns"

_MANY = 1_000  # people counted at once from which on the planner's figures matter

# Deliberately one lock for all folding: two folders would add the same difference twice.
_FOLDING_LOCK = 0x6861_0001


@transaction.atomic
def load_campaigns(*, at: datetime) -> int:
    """Load the packaged campaigns and their dated targets. Idempotent."""
    files = sorted(_CAMPAIGNS.glob("*.toml"))
    for file in files:
        _load_campaign(tomllib.loads(file.read_text(encoding="utf-8")))
    record("campaigns_loaded", "campaigns.campaign", by=None, at=at, count=len(files))
    return len(files)


def _load_campaign(written: dict[str, Any]) -> None:
    framework = Framework.objects.filter(code=written["framework"]).latest("effective_from")
    campaign, _ = Campaign.objects.update_or_create(
        code=written["code"],
        defaults={
            "name": written["name_vi"],
            "name_en": written["name_en"],
            "framework": framework,
            "categories": written["categories"],
            "programme_codes": written["programmes"],
            "legal_basis": _plain(written.get("legal_basis", [])),
        },
    )
    for target in written["targets"]:
        Target.objects.update_or_create(
            campaign=campaign,
            from_on=target["from"],
            defaults={
                "share": target["ratio"],
                "until_on": target["to"],
                "goal": target["goal_vi"],
                "goal_en": target["goal_en"],
            },
        )


def _plain(value: Any) -> Any:
    """TOML dates as ISO text, so that JSON can hold them."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def note_changes(person_ids: Iterable[int], *, at: datetime) -> None:
    """Remember that these people's standings need another look."""
    StandingToReview.objects.bulk_create(
        [StandingToReview(person_id=person_id, noted_at=at) for person_id in person_ids]
    )


_NEW_STANDINGS = """
CREATE TEMPORARY TABLE new_standing ON COMMIT DROP AS
WITH shown AS (
  SELECT person_id, bool_or(passed AND (valid_until IS NULL OR valid_until >= %(day)s)) AS passed
  FROM competency_result result
  WHERE framework_id = %(framework)s AND (%(everybody)s OR person_id = ANY(%(people)s))
    AND NOT EXISTS (
      SELECT 1 FROM competency_resultwithdrawal withdrawn WHERE withdrawn.result_id = result.id
    )
  GROUP BY person_id
)
SELECT DISTINCT ON (post.person_id) post.person_id, post.unit_id,
       (post.person_id = ANY(%(trained)s) OR shown.person_id IS NOT NULL) AS trained,
       shown.person_id IS NOT NULL AS assessed,
       coalesce(shown.passed, false) AS proficient
FROM people_post post
LEFT JOIN shown ON shown.person_id = post.person_id
WHERE post.is_main
  AND (post.from_on IS NULL OR post.from_on <= %(day)s)
  AND (post.until_on IS NULL OR post.until_on > %(day)s)
  AND post.category = ANY(%(categories)s)
  AND (%(everybody)s OR post.person_id = ANY(%(people)s))
ORDER BY post.person_id, post.from_on DESC NULLS LAST, post.id DESC  -- nobody is counted twice
"""

# The difference between old and new standings, by unit, carried up to every ancestor. Where
# everybody is counted anew there is no old (`people` is empty) and no summary: it is the whole.
_DIFFERENCES = """
CREATE TEMPORARY TABLE difference_up ON COMMIT DROP AS
WITH RECURSIVE old AS (
  SELECT unit_id, trained, assessed, proficient FROM campaigns_standing
  WHERE campaign_id = %(campaign)s AND person_id = ANY(%(people)s)
), difference AS (
  SELECT unit_id, sum(n) AS in_scope, sum(n * trained::int) AS trained,
         sum(n * assessed::int) AS assessed, sum(n * proficient::int) AS proficient
  FROM (SELECT 1 AS n, unit_id, trained, assessed, proficient FROM new_standing
        UNION ALL SELECT -1, unit_id, trained, assessed, proficient FROM old) both_of_them
  GROUP BY unit_id
), upward AS (
  SELECT unit_id, in_scope, trained, assessed, proficient FROM difference
  UNION ALL
  SELECT u.parent_id, d.in_scope, d.trained, d.assessed, d.proficient
  FROM upward d JOIN units_unit u ON u.id = d.unit_id WHERE u.parent_id IS NOT NULL
)
SELECT unit_id, sum(in_scope)::int AS in_scope, sum(trained)::int AS trained,
       sum(assessed)::int AS assessed, sum(proficient)::int AS proficient
FROM upward GROUP BY unit_id
"""

# Two steps, because a difference may be negative and no row may be, not even one about to be
# merged into another.
_ADD_DIFFERENCES = """
INSERT INTO campaigns_coveragesummary
  (campaign_id, unit_id, in_scope, trained, assessed, proficient, as_of)
SELECT %(campaign)s, unit_id, 0, 0, 0, 0, %(at)s FROM difference_up
ON CONFLICT (campaign_id, unit_id) DO NOTHING;
UPDATE campaigns_coveragesummary s SET
  in_scope = s.in_scope + d.in_scope, trained = s.trained + d.trained,
  assessed = s.assessed + d.assessed, proficient = s.proficient + d.proficient
FROM difference_up d WHERE s.campaign_id = %(campaign)s AND s.unit_id = d.unit_id
"""

_REPLACE_STANDINGS = """
DELETE FROM campaigns_standing old
WHERE old.campaign_id = %(campaign)s AND (%(everybody)s OR old.person_id = ANY(%(people)s))
  AND NOT EXISTS (SELECT 1 FROM new_standing n WHERE n.person_id = old.person_id);
INSERT INTO campaigns_standing AS s (campaign_id, person_id, unit_id, trained, assessed, proficient)
SELECT %(campaign)s, person_id, unit_id, trained, assessed, proficient FROM new_standing
ON CONFLICT (campaign_id, person_id) DO UPDATE SET
  unit_id = excluded.unit_id, trained = excluded.trained, assessed = excluded.assessed,
  proficient = excluded.proficient;
DELETE FROM campaigns_coveragesummary WHERE campaign_id = %(campaign)s AND in_scope = 0;
UPDATE campaigns_coveragesummary SET as_of = %(at)s WHERE campaign_id = %(campaign)s;
DROP TABLE new_standing, difference_up
"""


@transaction.atomic
def fold_coverage(*, at: datetime) -> int:
    """Count anew everybody noted since the last time; return how many there were."""
    _one_folder_at_a_time()
    people = _take_noted()
    if people:
        for campaign in Campaign.objects.order_by("pk"):
            _count_anew(campaign, people, at=at)
        record("coverage_folded", "campaigns.campaign", by=None, at=at, count=len(people))
    return len(people)


@transaction.atomic
def rebuild_coverage(*, at: datetime) -> None:
    """Count everybody anew: daily, because posts and results run out; and after a repair.

    The sums are made from nothing, so they are right whatever stood there and however the tree of
    units has changed since.
    """
    _one_folder_at_a_time()
    StandingToReview.objects.all().delete()
    for campaign in Campaign.objects.order_by("pk"):
        CoverageSummary.objects.filter(campaign=campaign).delete()
        _count_anew(campaign, None, at=at)
    record("coverage_rebuilt", "campaigns.campaign", by=None, at=at)


def _take_noted() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM campaigns_standingtoreview RETURNING person_id")
        return sorted({person_id for (person_id,) in cursor.fetchall()})


def _one_folder_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FOLDING_LOCK])


def _count_anew(campaign: Campaign, people: list[int] | None, *, at: datetime) -> None:
    values: dict[str, Any] = {
        "campaign": campaign.pk,
        "framework": campaign.framework_id,
        "categories": campaign.categories,
        "everybody": people is None,
        "people": people or [],
        "trained": _people_trained(campaign, people),
        "day": day_of(at),
        "at": at,
    }
    with connection.cursor() as cursor:
        if people is None or len(people) > _MANY:
            # After a large import the planner still believes these tables to be small, and would
            # compare every person with every result.
            cursor.execute(
                "ANALYZE people_post, competency_result, competency_resultwithdrawal, "
                "campaigns_standing"
            )
        cursor.execute(_NEW_STANDINGS, values)
        cursor.execute("ANALYZE new_standing")
        cursor.execute(_DIFFERENCES, values)
        for statement in (*_ADD_DIFFERENCES.split(";"), *_REPLACE_STANDINGS.split(";")):
            cursor.execute(statement, values)


def _people_trained(campaign: Campaign, people: list[int] | None) -> list[int]:
    """Those who attended enough of a closed class that counts for this campaign.

    Whoever was assessed counts as trained too: an online programme is completed by its test.
    """
    trained: set[int] = set()
    classes = TrainingClass.objects.filter(
        programme__code__in=campaign.programme_codes, closed_at__isnull=False
    ).select_related("programme")
    if people is not None:
        classes = classes.filter(enrolments__person_id__in=people).distinct()
    for training_class in classes:
        required = training_class.programme.required_attendance
        attendance = attendance_of(training_class)
        enrolled = training_class.enrolments.active().values_list("pk", "person_id")
        trained.update(
            person_id
            for enrolment_id, person_id in enrolled
            if (seen := attendance.get(enrolment_id)) is not None
            and seen.held > 0
            and attendance_rate(seen.attended, seen.held) >= required
        )
    return sorted(trained)


# No job locks here: one would stay with a worker that was killed, and the figures would stand
# still. The folding lock goes with its connection.


@jobs.periodic(cron="* * * * * */10")
@jobs.task(queueing_lock="fold_coverage", queue="coverage")
def fold_coverage_soon(timestamp: int) -> None:  # noqa: ARG001 — given by the scheduler
    """Every ten seconds: keep the leaders' figures no more than that behind."""
    fold_coverage(at=timezone.now())


@jobs.periodic(cron="15 0 * * *")
@jobs.task(queueing_lock="rebuild_coverage", queue="coverage")
def rebuild_coverage_daily(timestamp: int) -> None:  # noqa: ARG001 — given by the scheduler
    """Every night: posts begin and end, results run out."""
    rebuild_coverage(at=timezone.now())
