"""Flags and comparisons in words a teacher understands, with what to do next."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.measurement.rules.quality import Comparison, Flag

Text = str | Promise


@dataclass(frozen=True)
class Advice:
    """A flag in a few words, what it means, and what to do next."""

    flag: Flag
    tone: str
    name: Text
    meaning: Text
    next_step: Text


_ADVICE: Final = {
    each.flag: each
    for each in (
        Advice(
            Flag.KEY_PERHAPS_WRONG,
            "bad",
            gettext_lazy("the key may be wrong"),
            gettext_lazy(
                "People who do well elsewhere tend to miss this question: they choose another "
                "option than the key, or are wrong more often than those who do badly."
            ),
            gettext_lazy(
                "Please check the key against its source first. If it is wrong, have it corrected; "
                "tests already taken can then be marked again."
            ),
        ),
        Advice(
            Flag.FAVOURS_STRONGLY,
            "bad",
            gettext_lazy("much harder for one group than for another"),
            gettext_lazy(
                "Among people who do equally well elsewhere, one group is right far more often."
            ),
            gettext_lazy(
                "Please take it out of tests until somebody from the group it is harder for has "
                "read it. Look for words, examples or devices that only one group knows."
            ),
        ),
        Advice(
            Flag.WRONG_OPTION_ATTRACTS_STRONG,
            "warn",
            gettext_lazy("a wrong option attracts able people"),
            gettext_lazy("Those who choose one of the wrong options do well elsewhere."),
            gettext_lazy(
                "Please read that option as an expert would: it may be right in some case. Make it "
                "plainly wrong, or say in the question which case is meant."
            ),
        ),
        Advice(
            Flag.DOES_NOT_DISTINGUISH,
            "warn",
            gettext_lazy("does not tell who can from who cannot"),
            gettext_lazy("People are right about as often whether they do well elsewhere or not."),
            gettext_lazy(
                "Please check that the question asks one thing, that its key is beyond doubt, and "
                "that it belongs to this component."
            ),
        ),
        Advice(
            Flag.BECAME_EASIER,
            "warn",
            gettext_lazy("has become easier"),
            gettext_lazy(
                "Equally able people are right more often than when it was put on the scale. Its "
                "answer may be going round, or it is now taught."
            ),
            gettext_lazy("Please rest the question for a while, and write another in its place."),
        ),
        Advice(
            Flag.BECAME_HARDER,
            "warn",
            gettext_lazy("has become harder"),
            gettext_lazy(
                "Equally able people are right less often than when it was put on the scale. The "
                "law, a program or a service it asks about may have changed."
            ),
            gettext_lazy("Please check it against what is in force today."),
        ),
        Advice(
            Flag.FAVOURS,
            "warn",
            gettext_lazy("somewhat harder for one group than for another"),
            gettext_lazy(
                "Among people who do equally well elsewhere, one group is right somewhat more "
                "often."
            ),
            gettext_lazy(
                "Please have somebody from the group it is harder for read it before it is used "
                "again."
            ),
        ),
        Advice(
            Flag.TOO_HARD,
            "warn",
            gettext_lazy("too hard"),
            gettext_lazy("Hardly anybody is right, so it says little about most people."),
            gettext_lazy(
                "Please check that it is taught, and that its words are understood; or keep it "
                "for a higher level."
            ),
        ),
        Advice(
            Flag.TOO_EASY,
            "warn",
            gettext_lazy("too easy"),
            gettext_lazy("Almost everybody is right, so it says little about most people."),
            gettext_lazy(
                "Please make the wrong options more plausible, or keep it for a lower level."
            ),
        ),
        Advice(
            Flag.OPTION_UNUSED,
            "quiet",
            gettext_lazy("nobody chooses one of the options"),
            gettext_lazy("At least one wrong option fools hardly anybody."),
            gettext_lazy("Please replace it with a mistake that learners really make."),
        ),
        Advice(
            Flag.TOO_FEW_ANSWERS,
            "quiet",
            gettext_lazy("too few answers yet"),
            gettext_lazy("Fewer than thirty people have answered it; figures would mislead."),
            gettext_lazy("Nothing needs to be done; more answers come with the next tests."),
        ),
    )
}  # fmt: skip

_COMPARISONS: Final = {
    Comparison.WOMEN_WITH_MEN: gettext_lazy("Women, compared with men"),
    Comparison.SCHOOLED_WITH_MIDDLE: gettext_lazy(
        "Born in 1991 or later, compared with born 1976 to 1990"
    ),
    Comparison.BEFORE_INTERNET_WITH_MIDDLE: gettext_lazy(
        "Born in 1975 or earlier, compared with born 1976 to 1990"
    ),
    Comparison.MINORITIES_WITH_KINH: gettext_lazy("Ethnic minorities, compared with Kinh"),
    Comparison.COMMUNES_WITH_WARDS: gettext_lazy("People of communes, compared with wards"),
    Comparison.SPECIAL_ZONES_WITH_WARDS: gettext_lazy(
        "People of special zones, compared with wards"
    ),
}


def advice(flag: Flag) -> Advice:
    return _ADVICE[flag]


def comparison_in_words(comparison: Comparison) -> str:
    return str(_COMPARISONS[comparison])


def ets_in_words(ets: str, delta: float) -> tuple[str, str]:
    """Tone and words; an empty class: too few people to compare."""
    if not ets:
        return "quiet", _("too few people to compare")
    if ets == "A":
        return "good", _("no difference that matters")
    if ets == "B":
        harder = _("somewhat harder for the first group")
        return "warn", harder if delta < 0 else _("somewhat easier for the first group")
    return "bad", (
        _("much harder for the first group") if delta < 0 else _("much easier for the first group")
    )
