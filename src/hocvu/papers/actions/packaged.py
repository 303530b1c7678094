"""Loading the packaged papers: fixed lists of questions, or blueprints."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.competency.models import Framework
from hocvu.competency.queries import framework_in_force
from hocvu.kernel.errors import NotPossible
from hocvu.kernel.time import day_of
from hocvu.papers import rules
from hocvu.papers.actions.drawing import refuse_if_short
from hocvu.papers.actions.presets import load_presets
from hocvu.papers.actions.writing import PaperIsFlawed, write_blueprint
from hocvu.papers.models import Paper, PaperPreset, PaperQuestion
from hocvu.papers.queries.drawing import cells_of, pool_for
from hocvu.papers.queries.papers import questions_of
from hocvu.questions.models import Question
from hocvu.questions.queries import latest_questions

__all__ = ["PaperIsFlawed", "PaperWasEdited", "load_papers"]

PAPERS = Path(__file__).parent.parent / "papers"


class PaperWasEdited(NotPossible):
    """A packaged paper differs from the same version loaded before."""


def load_papers(*, at: datetime, folder: Path = PAPERS) -> int:
    """Load the packaged papers; the number that were new. A second run changes nothing.

    A paper keeps the versions of its questions that were in use when it was first loaded; one with
    cells draws from what is in use when it is sat. The packaged presets are loaded before.
    """
    with transaction.atomic():
        load_presets(at=at)
        loaded = [
            paper
            for file in sorted(folder.glob("*.toml"))
            if (paper := _load(tomllib.loads(file.read_text()), day_of(at)))
        ]
        if loaded:
            ids = [paper.pk for paper in loaded]
            record("papers_loaded", "exams.paper", by=None, at=at, paper_ids=ids)
        return len(loaded)


def _load(written: Mapping[str, Any], on: date) -> Paper | None:
    """The paper, if it was not there before."""
    known = Paper.objects.filter(code=written["code"], version=written["version"]).first()
    if known is not None:
        _refuse_if_edited(known, written)
        return None
    framework = _framework(written, on)
    cells = _cells(written)
    questions = [] if cells else _questions(written, framework)
    if cells:
        asked = [rules.Cell(cell.place, cell.questions) for cell in cells]
        refuse_if_short(pool_for(asked, None, framework))
    paper = _paper(written, framework)
    paper.save()
    write_blueprint(paper, cells)
    PaperQuestion.objects.bulk_create(
        PaperQuestion(paper=paper, question=question, position=position)
        for position, question in enumerate(questions, start=1)
    )
    return paper


def _paper(written: Mapping[str, Any], framework: Framework) -> Paper:
    if not rules.is_share(written["pass_mark"]):
        raise _flawed(written, _("its pass mark is not a share of the points"))
    preset, shows_key = _preset(written), rules.shows_key_in(written)
    if shows_key is None:
        raise _flawed(written, _("it does not say when its key is shown"))
    return Paper(
        code=written["code"],
        version=written["version"],
        title=written["title_vi"],
        title_en=written["title_en"],
        minutes=written["minutes"],
        pass_mark=written["pass_mark"],
        framework=framework,
        level=written["level"],
        shuffle=written.get("shuffle", True),
        shows_key=preset.shows_key if preset else shows_key,
        preset=preset,
    )


def _preset(written: Mapping[str, Any]) -> PaperPreset | None:
    """`preset = ["resolution-398-final", 1]`"""
    if "preset" not in written:
        return None
    code, version = written["preset"]
    preset = PaperPreset.objects.filter(code=code, version=version).first()
    if preset is None:
        raise _flawed(written, _("its preset is not known"))
    return preset


def _cells(written: Mapping[str, Any]) -> tuple[rules.WrittenCell, ...]:
    """`[[cells]]` with questions, and component, level, topic, section as far as they matter."""
    return tuple(
        rules.WrittenCell(
            rules.Place(*(cell.get(name, "") for name in ("component", "level", "topic"))),
            cell["questions"],
            cell.get("section", ""),
            cell.get("section_en", ""),
        )
        for cell in written.get("cells", ())
    )


def _framework(written: Mapping[str, Any], on: date) -> Framework:
    try:
        framework = framework_in_force(written["framework"], on)
    except Framework.DoesNotExist:
        raise _flawed(written, _("its framework is not in force")) from None
    if written["level"] not in {level["code"] for level in framework.levels}:
        raise _flawed(written, _("its framework does not know the level"))
    return framework


def _questions(written: Mapping[str, Any], framework: Framework) -> list[Question]:
    codes = written["questions"]
    found = latest_questions(codes)
    components = set(framework.components.values_list("code", flat=True))
    if not codes or len(set(codes)) < len(codes):
        raise _flawed(written, _("its list of questions is empty or repeats one"))
    if missing := [code for code in codes if code not in found]:
        raise _flawed(written, _("questions are missing: %s") % ", ".join(missing))
    if odd := [code for code in codes if found[code].component_code not in components]:
        raise _flawed(written, _("the framework has no component for: %s") % ", ".join(odd))
    return [found[code] for code in codes]


def _flawed(written: Mapping[str, Any], flaw: str) -> PaperIsFlawed:
    return PaperIsFlawed(
        _("Paper %(code)s cannot be used: %(flaw)s.") % {"code": written["code"], "flaw": flaw},
        _("Correct the paper, then load the papers again."),
    )


def _refuse_if_edited(known: Paper, written: Mapping[str, Any]) -> None:
    before = (
        *(known.title, known.title_en, known.minutes, known.pass_mark, known.level, known.shuffle),
        known.framework.code,
        known.preset and [known.preset.code, known.preset.version],
        known.preset or known.shows_key,
        [question.code for question in questions_of(known.pk)],
        cells_of(known),
    )
    now = (
        *(written["title_vi"], written["title_en"], written["minutes"], written["pass_mark"]),
        *(written["level"], written.get("shuffle", True), written["framework"]),
        written.get("preset"),
        known.preset or rules.shows_key_in(written),
        written.get("questions", []),
        [rules.Cell(cell.place, cell.questions) for cell in _cells(written)],
    )
    if before != now:
        raise PaperWasEdited(
            _("Paper %(code)s version %(version)s has already been loaded with other content.")
            % {"code": known.code, "version": known.version},
            _("Give the changed paper a new version."),
        )
