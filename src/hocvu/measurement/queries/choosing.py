"""Which question a run asks next, or why it asks no more."""

from collections.abc import Sequence
from datetime import datetime

from hocvu.measurement.models import AdaptiveRun, AdaptiveStep, StopReason
from hocvu.measurement.queries.pools import OpenPool, open_pool, rules_of
from hocvu.measurement.rules.choosing import choose, names_of, reason_to_stop
from hocvu.measurement.rules.measuring import Estimate
from hocvu.psychometrics import adaptive
from hocvu.psychometrics.adaptive import Choice, NothingLeftToAsk

_STOPS = {
    adaptive.StopReason.PRECISION: StopReason.PRECISE,
    adaptive.StopReason.LENGTH: StopReason.LENGTH,
    adaptive.StopReason.POOL_EXHAUSTED: StopReason.NO_QUESTION,
}


def next_step(
    run: AdaptiveRun, steps: Sequence[AdaptiveStep], known: Estimate, *, at: datetime
) -> AdaptiveStep | StopReason:
    """The next step, not yet written, with everything that led to it. `run.sitting.test` is read.

    `steps` are those of the run so far, all answered.
    """
    rules = rules_of(run.sitting.test)
    pool = open_pool(run, [step.question_id for step in steps], at=at)
    stop = reason_to_stop(pool.openings, pool.asked, known.se, rules)
    if stop is not None:
        return _STOPS[stop]
    try:
        choice = choose(pool.openings, pool.asked, known.theta, rules, seed=run.seed)
    except NothingLeftToAsk:
        return StopReason.NO_QUESTION
    return _step(run, pool, choice, known, at)


def _step(
    run: AdaptiveRun, pool: OpenPool, choice: Choice, known: Estimate, at: datetime
) -> AdaptiveStep:
    item = pool.openings.curves[choice.item]
    return AdaptiveStep(
        run=run,
        number=len(pool.asked) + 1,
        question_id=pool.question_ids[choice.item],
        a=item.a,
        b=item.b,
        c=item.c,
        theta_before=known.theta,
        se_before=known.se,
        information=choice.information,
        candidates=choice.open_items,
        why={
            "reasons": names_of(choice.reasons),
            "domain": pool.openings.domains[choice.item],
            "best": [
                [pool.question_ids[each.item], round(each.information, 6)]
                for each in choice.candidates
            ],
            "exposure": round(float(pool.openings.exposure[choice.item]), 6),
            "met_before": pool.met_before,
        },
        shown_at=at,
    )
