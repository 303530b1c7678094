"""Which papers there are, what they ask, and who may use them."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from hocvu.classes.models import TrainingClass
from hocvu.papers.models import (
    BlueprintCell,
    Paper,
    PaperPreset,
    PaperQuestion,
)
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.questions.models import Question
from hocvu.units.models import Unit

# --- Which papers there are --------------------------------------------------------------------


def latest_papers() -> QuerySet[Paper]:
    """The newest version of every paper that is not retired."""
    return newest_of(Paper.objects.all(), retired=False).order_by("code")


def papers_for(training_class: TrainingClass) -> QuerySet[Paper]:
    """The papers a class may be offered: everybody's, and those of units above its host."""
    return latest_papers().filter(_lent_to(training_class.host_unit))


def papers_open_to(person: Person) -> QuerySet[Paper]:
    """All versions of the papers whose questions this person may see.

    Whoever writes questions sees everybody's papers, those of their own units, and those that
    units above lend them.
    """
    scope = scope_of(person)
    own = scope.paths(Permission.WRITE_QUESTIONS)
    if not own:
        return Paper.objects.none()
    lent = Q(owner__path__in={above for path in own for above in _paths_down_to(path)})
    return Paper.objects.filter(
        Q(owner=None) | scope.reach(Permission.WRITE_QUESTIONS, "owner") | lent
    ).select_related("owner", "framework", "preset", "made_by")


def newest_of(papers: QuerySet[Paper], *, retired: bool) -> QuerySet[Paper]:
    """Of these papers, the newest version of each, in use or retired."""
    newer = Paper.objects.filter(code=OuterRef("code"), version__gt=OuterRef("version"))
    return papers.filter(~Exists(newer), retired_at__isnull=not retired)


def presets_in_force(on: object) -> QuerySet[PaperPreset]:
    """The newest version of each preset in force on a day, the longest test first."""
    in_force = PaperPreset.objects.filter(
        Q(effective_to=None) | Q(effective_to__gt=on), effective_from__lte=on
    )
    newer = in_force.filter(code=OuterRef("code"), version__gt=OuterRef("version"))
    return in_force.filter(~Exists(newer)).order_by("-questions", "code")


def _lent_to(unit: Unit) -> Q:
    return Q(owner=None) | Q(owner__path__in=_paths_down_to(unit.path))


def _paths_down_to(path: str) -> list[str]:
    """`VN.31.` as `VN.`, `VN.31.`."""
    codes = path.split(".")[:-1]
    return [".".join(codes[: depth + 1]) + "." for depth in range(len(codes))]


# --- What is asked -----------------------------------------------------------------------------


def questions_of(paper_id: int) -> list[Question]:
    """The questions of a fixed paper in written order. One query."""
    rows = PaperQuestion.objects.filter(paper=paper_id).select_related("question")
    return [row.question for row in rows.order_by("position", "pk")]


def number_of_questions(paper_id: int) -> int:
    """How many questions an attempt is asked, fixed or drawn. One or two queries."""
    drawn = BlueprintCell.objects.filter(paper=paper_id).aggregate(n=Sum("questions"))["n"]
    return drawn or PaperQuestion.objects.filter(paper=paper_id).count()
