"""Making papers, new versions of them, and retiring them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.audit.actions import record
from hocvu.competency.models import Framework
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.papers import policies, rules
from hocvu.papers.actions.drawing import refuse_if_short
from hocvu.papers.models import BlueprintCell, Paper, PaperPreset, PaperQuestion, PaperSection
from hocvu.papers.queries.drawing import pool_for, questions_for
from hocvu.papers.rules import PaperFlaw
from hocvu.people.models import Person
from hocvu.units.models import Unit


class PaperIsFlawed(NotPossible):
    """A written paper cannot be sat as it is."""


class CodeIsTaken(NotPossible):
    """Another paper has this code."""


class PaperHasANewerVersion(NotPossible):
    pass


class PaperIsRetired(NotPossible):
    pass


_FLAWS = {
    PaperFlaw.NO_SHARE: gettext_lazy("its pass mark is not a share of the points"),
    PaperFlaw.NO_MINUTES: gettext_lazy("its time is not between 1 minute and 10 hours"),
    PaperFlaw.NOTHING_ASKED: gettext_lazy("it asks nothing, or a row of it asks nothing"),
    PaperFlaw.TOO_MANY_ASKED: gettext_lazy("it asks more than 500 questions"),
    PaperFlaw.BOTH_FIXED_AND_DRAWN: gettext_lazy("it is both a fixed list and a blueprint"),
    PaperFlaw.QUESTION_REPEATS: gettext_lazy("a question stands in it twice"),
    PaperFlaw.OTHER_THAN_PRESCRIBED: gettext_lazy(
        "it differs from what its preset prescribes: "
        "number of questions, minutes, pass mark or shuffling"
    ),
}


@dataclass(frozen=True)
class WrittenPaper:
    """A paper as somebody writes it: either `cells` to draw from or `question_ids` in order."""

    code: str
    title: str
    framework: Framework
    level: str
    minutes: int
    pass_mark: str
    owner: Unit
    title_en: str = ""
    shuffle: bool = True
    shows_key: rules.ShowsKey = rules.ShowsKey.WHEN_CLOSED  # what a preset says goes before
    preset: PaperPreset | None = None
    cells: tuple[rules.WrittenCell, ...] = ()
    question_ids: tuple[int, ...] = ()

    @property
    def key_is_shown(self) -> str:
        return self.preset.shows_key if self.preset else self.shows_key.value

    @property
    def shape(self) -> rules.Shape:
        asked = sum(cell.questions for cell in self.cells) or len(self.question_ids)
        return rules.Shape(asked, self.minutes, self.pass_mark, self.shuffle)


def make_paper(written: WrittenPaper, *, by: Person, at: datetime) -> Paper:
    """The first version of a paper. Sent twice, it is made once."""
    with transaction.atomic():
        _must_be_able_to_write(by, written.owner)
        _refuse_flawed(written)
        known = _versions(written.code)
        if known:
            if _content(known[-1]) == _wanted(written):
                return known[-1]
            raise CodeIsTaken(
                _("There is already another paper with the code %s.") % written.code,
                _("Please choose another code."),
            )
        paper = _write(written, 1, by=by, at=at)
        record("paper_made", paper, by=by, at=at)
        return paper


def make_new_version(paper: Paper, written: WrittenPaper, *, by: Person, at: datetime) -> Paper:
    """A changed paper under the same code. Sittings keep the version they were opened with."""
    with transaction.atomic():
        _must_be_able_to_write(by, paper.owner)
        _must_be_able_to_write(by, written.owner)
        known = _versions(paper.code)
        latest = known[-1]
        _refuse_retired(latest)
        if _content(latest) == _wanted(written):
            return latest
        if latest.pk != paper.pk:
            raise PaperHasANewerVersion(
                _("Somebody has made version %s of this paper meanwhile.") % latest.version,
                _("Please look at that one and change it if need be."),
            )
        _refuse_flawed(written)
        made = _write(written, latest.version + 1, by=by, at=at)
        record("paper_version_made", made, by=by, at=at, replaces=latest.pk, version=made.version)
        return made


def retire_paper(paper: Paper, *, reason: str, by: Person, at: datetime) -> Paper:
    """No class can be offered it any more; tests already opened go on."""
    with transaction.atomic():
        _must_be_able_to_write(by, paper.owner)
        known = _versions(paper.code)
        latest = known[-1]
        if latest.retired_at is None:
            for version in known:
                version.retired_at = at
            Paper.objects.bulk_update(known, ["retired_at"])
            record("paper_retired", latest, by=by, at=at, reason=reason)
        return latest


def write_blueprint(paper: Paper, cells: Sequence[rules.WrittenCell]) -> None:
    """The cells of a new paper; those in a row with one title make up a section."""
    section: PaperSection | None = None
    rows, sections = [], 0
    for position, cell in enumerate(cells, start=1):
        if not cell.section:
            section = None
        elif section is None or section.title != cell.section:
            sections += 1
            section = PaperSection.objects.create(
                paper=paper, position=sections, title=cell.section, title_en=cell.section_en
            )
        rows.append(
            BlueprintCell(
                paper=paper,
                section=section,
                position=position,
                component_code=cell.place.component,
                level=cell.place.level,
                topic=cell.place.topic,
                questions=cell.questions,
            )
        )
    BlueprintCell.objects.bulk_create(rows)


def _write(written: WrittenPaper, version: int, *, by: Person, at: datetime) -> Paper:
    paper = Paper.objects.create(
        code=written.code,
        version=version,
        title=written.title,
        title_en=written.title_en,
        minutes=written.minutes,
        pass_mark=written.pass_mark,
        framework=written.framework,
        level=written.level,
        shuffle=written.shuffle,
        shows_key=written.key_is_shown,
        preset=written.preset,
        owner=written.owner,
        made_by=by,
        made_at=at,
    )
    write_blueprint(paper, written.cells)
    PaperQuestion.objects.bulk_create(
        PaperQuestion(paper=paper, question_id=question_id, position=position)
        for position, question_id in enumerate(written.question_ids, start=1)
    )
    return paper


def _must_be_able_to_write(by: Person, owner: Unit | None) -> None:
    if not policies.can_write_papers(by, owner):
        raise NotAllowed(
            _("Only people who write questions for a unit can make and change its papers."),
            _("You can make a paper of your own unit that is like this one."),
        )


def _refuse_flawed(written: WrittenPaper) -> None:
    found = rules.paper_flaws(
        written.shape, written.cells, written.question_ids, _prescribed(written.preset)
    )
    said = [str(_FLAWS[flaw]) for flaw in found]
    if written.level not in {level["code"] for level in written.framework.levels}:
        said.append(_("its framework does not know the level"))
    asked = questions_for(written.owner, written.framework).filter(pk__in=written.question_ids)
    if asked.count() < len(set(written.question_ids)):
        said.append(_("some of its questions are not in use, or not for this unit and framework"))
    if said:
        raise PaperIsFlawed(
            _("The paper cannot be used: %s.") % "; ".join(said),
            _("Please correct it; nothing you wrote is lost."),
        )
    cells = [rules.Cell(cell.place, cell.questions) for cell in written.cells]
    refuse_if_short(pool_for(cells, written.owner, written.framework))


def _prescribed(preset: PaperPreset | None) -> rules.Shape | None:
    if preset is None:
        return None
    return rules.Shape(preset.questions, preset.minutes, preset.pass_mark, preset.shuffle)


def _refuse_retired(paper: Paper) -> None:
    if paper.retired_at is not None:
        raise PaperIsRetired(
            _("This paper has been retired."), _("Make a new paper that is like it.")
        )


def _versions(code: str) -> list[Paper]:
    """All versions of a paper, oldest first. The code is locked, whether there is one or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"paper/{code}"])
    return list(Paper.objects.filter(code=code).order_by("version"))


_NAMES = (
    *("title", "title_en", "framework_id", "level"),
    *("minutes", "pass_mark", "shuffle", "shows_key"),
)


def _content(paper: Paper) -> tuple[object, ...]:
    cells = paper.cells.order_by("position").values_list(
        *("component_code", "level", "topic", "questions"),
        *("section__title", "section__title_en"),
    )
    questions = paper.paper_questions.order_by("position").values_list("question", flat=True)
    return (
        *(getattr(paper, name) for name in _NAMES),
        *(paper.preset_id, paper.owner_id),
        [(*cell[:-2], cell[-2] or "", cell[-1] or "") for cell in cells],
        list(questions),
    )


def _wanted(written: WrittenPaper) -> tuple[object, ...]:
    return (
        *(written.title, written.title_en, written.framework.pk, written.level),
        *(written.minutes, written.pass_mark, written.shuffle, written.key_is_shown),
        *(written.preset.pk if written.preset else None, written.owner.pk),
        [(*cell.place, cell.questions, cell.section, cell.section_en) for cell in written.cells],
        list(written.question_ids),
    )
