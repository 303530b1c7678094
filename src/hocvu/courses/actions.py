"""Loading the catalogue that comes with this package."""

from datetime import datetime
from importlib import resources

from django.db import transaction

from hocvu.audit.actions import record
from hocvu.courses.models import Programme, TimetableSlot, Topic
from hocvu.courses.rules import (
    CatalogueIsWrong,
    ProgrammeText,
    Slot,
    TopicText,
    read_programme,
    without_further_topics,
)

_CATALOGUE = resources.files("hocvu.courses") / "catalogue"


@transaction.atomic
def load_catalogue(*, at: datetime) -> int:
    """Enter every version of every programme not yet known; how many were new.

    A version never changes once it is entered, since classes were opened from it: a file that tells
    it differently needs a new version, and is refused with `CatalogueIsWrong`.
    """
    told = [
        read_programme(file.read_text(encoding="utf-8"))
        for file in sorted(_CATALOGUE.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
    ]
    known = _known_programmes()
    for programme in told:
        kept = known.get((programme.code, programme.version), programme)
        if kept != programme:
            _add_further_topics(kept, programme, at=at)
    fresh = [programme for programme in told if (programme.code, programme.version) not in known]
    for programme in fresh:
        record("programme_loaded", _enter(programme), by=None, at=at)
    return len(fresh)


def _enter(told: ProgrammeText) -> Programme:
    programme = Programme.objects.create(
        code=told.code,
        version=told.version,
        name=told.name,
        name_en=told.name_en,
        mode=told.mode,
        target_group=told.target_group,
        days=told.days,
        valid_from=told.valid_from,
        legal_basis=told.basis_in_force,
        min_attendance=told.min_attendance,
        paper_code=told.paper_code,
    )
    topics = Topic.objects.bulk_create(
        Topic(
            programme=programme,
            code=topic.code,
            position=position,
            title=topic.title,
            title_en=topic.title_en,
            kind=topic.kind,
            periods=topic.periods,
        )
        for position, topic in enumerate(told.topics, start=1)
    )
    topic_with = {topic.code: topic for topic in topics}
    slots = TimetableSlot.objects.bulk_create(
        TimetableSlot(
            programme=programme, day=slot.day, half=slot.half, topic=topic_with[slot.topic]
        )
        for slot in told.timetable
    )
    for slot, said in zip(slots, told.timetable, strict=True):
        slot.also.set([topic_with[code] for code in said.also])
    return programme


def _add_further_topics(kept: ProgrammeText, told: ProgrammeText, *, at: datetime) -> None:
    """Complete a version entered before a half day could hold several topics; else refuse."""
    if kept != without_further_topics(told):
        raise CatalogueIsWrong(f"{told.code} changed: give it a new version")
    programme = Programme.objects.get(code=told.code, version=told.version)
    topic_with = {topic.code: topic for topic in programme.topics.all()}
    for slot, said in zip(programme.timetable.all(), told.timetable, strict=True):
        slot.also.set([topic_with[code] for code in said.also])
    record("programme_completed", programme, by=None, at=at)


def _known_programmes() -> dict[tuple[str, int], ProgrammeText]:
    """Every programme entered so far, told the way a file tells it."""
    programmes = Programme.objects.prefetch_related("topics", "timetable__topic", "timetable__also")
    return {(each.code, each.version): _told_by(each) for each in programmes}


def _told_by(programme: Programme) -> ProgrammeText:
    return ProgrammeText(
        code=programme.code,
        version=programme.version,
        name=programme.name,
        name_en=programme.name_en,
        mode=programme.mode,
        target_group=programme.target_group,
        days=programme.days,
        valid_from=programme.valid_from,
        legal_basis=tuple((each["citation_vi"], each["from"]) for each in programme.legal_basis),
        min_attendance=programme.min_attendance,
        paper_code=programme.paper_code,
        topics=tuple(
            TopicText(topic.code, topic.title, topic.title_en, topic.kind, topic.periods)
            for topic in programme.topics.all()
        ),
        timetable=tuple(
            Slot(slot.day, slot.half, slot.topic.code, tuple(each.code for each in slot.also.all()))
            for slot in programme.timetable.all()
        ),
    )
