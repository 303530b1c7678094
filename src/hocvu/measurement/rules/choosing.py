"""What a test may ask next: quotas of domains, exposure, and why a question was chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np

from hocvu.psychometrics import adaptive
from hocvu.psychometrics.adaptive import AdaptiveRules, Because, Choice, ItemPool, Quota
from hocvu.psychometrics.curves import Floats, ItemCurves

_MOST_BEST, _FEWEST_BEST = 5, 2  # drawn among so many of the most informative
_POOL_FOR_ONE_MORE = 12  # questions: in a small pool the fifth best says little
_FEW_RUNS = 50  # before so many runs a share of runs says little


@dataclass(frozen=True)
class RunRules:
    """How a test chooses and stops. `shares` of the domains are exact and sum to 1 or less."""

    least: int
    most: int
    target_se: float
    most_exposure: float
    shares: Mapping[str, Fraction]


@dataclass(frozen=True, eq=False)
class Openings:
    """The questions a test may ask now, all in one order.

    domains    [questions] domain of each
    exposure   [questions] share of recent runs that asked it; 1 for what this person has met
    """

    curves: ItemCurves
    domains: Sequence[str]
    exposure: Floats


def domain_of(component: str) -> str:
    """`1.2` stands in domain 1."""
    return component.partition(".")[0]


def domains_that_lack(rules: RunRules, domains: Sequence[str]) -> list[str]:
    """Domains with fewer questions than the shortest test asks of them."""
    return [
        domain
        for domain, share in sorted(rules.shares.items())
        if domains.count(domain) < floor(share * rules.least)
    ]


def exposures(shown: Sequence[int], runs: int) -> Floats:
    """Share of runs that asked each question, held low while there are few runs."""
    return np.minimum(np.asarray(shown, dtype=np.float64) / max(runs, _FEW_RUNS), 1.0)


def choose(
    openings: Openings, asked: Sequence[int], theta: float, rules: RunRules, *, seed: int
) -> Choice:
    """The next question, as its place among the openings; the same seed gives the same choice.

    `asked` are places. Raises `NothingLeftToAsk`.
    """
    pool, adaptive_rules = _as_pool(openings, rules)
    rng = np.random.default_rng([seed, len(asked)])
    return adaptive.next_item(pool, asked, theta, adaptive_rules, rng)


def reason_to_stop(
    openings: Openings, asked: Sequence[int], se: float, rules: RunRules
) -> adaptive.StopReason | None:
    pool, adaptive_rules = _as_pool(openings, rules)
    return adaptive.should_stop(pool, asked, se, adaptive_rules)


def names_of(reasons: Sequence[Because]) -> list[str]:
    """As they are kept with a step."""
    return [reason.name for reason in reasons]


def _as_pool(openings: Openings, rules: RunRules) -> tuple[ItemPool, AdaptiveRules]:
    names = sorted(set(openings.domains) | set(rules.shares))
    codes = {name: code for code, name in enumerate(names)}
    content = np.array([codes[domain] for domain in openings.domains], dtype=np.int64)
    quotas = {
        codes[domain]: _quota(share, rules, openings.domains.count(domain))
        for domain, share in rules.shares.items()
    }
    pool = ItemPool.of(openings.curves, content=content, exposure=openings.exposure)
    return pool, AdaptiveRules(
        max_items=rules.most,
        min_items=rules.least,
        target_se=rules.target_se,
        quotas=quotas,
        max_exposure=rules.most_exposure,
        randomesque=_drawn_among(len(openings.domains)),
    )


def _drawn_among(questions: int) -> int:
    return max(_FEWEST_BEST, min(_MOST_BEST, questions // _POOL_FOR_ONE_MORE))


def _quota(share: Fraction, rules: RunRules, there_are: int) -> Quota:
    """A domain is never owed more than there is: questions may be retired while a test runs."""
    return Quota(min(floor(share * rules.least), there_are), ceil(share * rules.most))
