"""The question bank: only those who write questions come in, for its pages show keys."""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from journeys.doors.door import Door, acts, list_of


def writes_for(eyes, owner):
    return eyes.writes_for_everybody if owner is None else owner in eyes.written


def opens_question(eyes, question):
    """Those of one's own units, and what others share, or everybody has, once it was in use."""
    is_offered = question.owner is None or question.is_shared
    return bool(eyes.written) and (
        writes_for(eyes, question.owner) or (is_offered and question.put_in_use_at is not None)
    )


def writes(eyes, question):
    """What came with the program is copied, never edited."""
    return question.created_by is not None and writes_for(eyes, question.owner)


def may_be_asked(eyes, question):
    """By a test of a class they learn in, or one under way: of this question in any version.

    Every test of these worlds is open, allows two attempts, and is taken once at most.
    """
    own = {each.training_class for each in eyes.own_enrolments()}
    sittings = {each for each in eyes.world.sittings if each.training_class in own}
    sittings |= {
        each.sitting
        for each in eyes.world.attempts
        if each.person == eyes.me and each.handed_in_at is None
    }
    asked_by_papers = {each.code for sitting in sittings for each in sitting.paper.asked}
    return question.code in asked_by_papers | _codes_measured(eyes, own)


def _codes_measured(eyes, own):
    """The whole scale, by a skills test that can be begun or a run that has not ended."""
    runs = {each.sitting: each for each in eyes.world.skills_runs if each.person == eyes.me}
    ahead = any(
        sitting.training_class in own and not (sitting in runs and runs[sitting].ended_at)
        for sitting in eyes.world.skills_sittings
    )
    on_the_scale = (
        each
        for each in eyes.world.questions
        if each.put_in_use_at and each.kind == "single" and each != eyes.world.off_the_scale
    )
    return {each.code for each in on_the_scale} if ahead else set()


def _edits(eyes, question):
    return opens_question(eyes, question) and writes(eyes, question) and _reads_key(eyes, question)


def _reads_key(eyes, question):
    return not may_be_asked(eyes, question)


def _opens_review(eyes, question):
    return _edits(eyes, question) and question.created_by != eyes.me


def _may_review(eyes, question):
    said = {each.reviewer for each in eyes.world.reviews if each.question == question}
    return _opens_review(eyes, question) and eyes.me not in said


def _retires(eyes, question):
    return opens_question(eyes, question) and writes_for(eyes, question.owner)


def asked(eyes, question):
    """What a learner reads of it."""
    return eyes.marks(question.stem, *(each["text"] for each in question.options))


def tell_question(eyes, question):
    """All of it, and what was said of it and of its other versions; its key, if it may be known."""
    told = asked(eyes, question) | eyes.marks(question.topic, question.source)
    told |= tell_key(eyes, question)
    for version in eyes.world.questions:
        if version.code == question.code and opens_question(eyes, version):
            told |= _tell_history(eyes, version)
    return told | eyes.tell_units([question.owner] if question.owner else [])


def tell_key(eyes, question):
    """Its reasons; the key of what a test may still ask is not told."""
    if not _reads_key(eyes, question):
        return set()
    return eyes.marks(*(each["why"] for each in question.options))


def _tell_history(eyes, version):
    """Who did and said what: to those who write for its owner."""
    if not writes_for(eyes, version.owner):
        return set()
    told = eyes.tell_names(version.created_by, version.put_in_use_by, version.retired_by)
    told |= eyes.marks(version.retire_reason)
    for review in eyes.world.reviews:
        if review.question == version:
            told |= eyes.tell_names(review.reviewer)
            told |= eyes.marks(review.remarks) if _reads_key(eyes, version) else set()
    return told


def _tell_choices(eyes):
    """What can be chosen on a page that writes: banks and topics."""
    topics = (each.topic for each in eyes.world.questions if opens_question(eyes, each))
    return eyes.tell_units(eyes.written) | eyes.marks(*topics)


_tell_bank = list_of(lambda world: world.questions, opens_question, tell_question)


def _writes_anywhere(eyes, _thing):
    return bool(eyes.written)


def _many_bodies(eyes, _thing):
    """Files of all and of what is not one's own, and acts on questions in reach and out of it."""
    world, bodies = eyes.world, [({"act": "gift"}, bool(eyes.written))]
    for act in ("send", "use"):
        if question := eyes.outside(world.questions, lambda each: writes(eyes, each)):
            bodies.append(({"act": act, "row": [question.pk]}, False))
        if question := eyes.inside(world.questions, lambda each: writes(eyes, each)):
            bodies.append(({"act": act, "row": [question.pk]}, True))
    return bodies


def _editor_body(**more):
    options = {f"options-{at}-text": f"Chọn {at}" for at in range(2)}
    return {
        "stem": f"Câu hỏi {uuid4().hex}?", "points": "1", "options-TOTAL_FORMS": "2",
        "options-INITIAL_FORMS": "0", "options-0-right": "on", "pictures": "", **options, **more,
    }  # fmt: skip


def _owner_bodies(eyes, body):
    """The same body for a bank in reach and for one out of it."""
    bodies = [({**body(), "owner": "national"}, eyes.writes_for_everybody)]
    if unit := eyes.outside(eyes.world.units, eyes.written.__contains__):
        bodies.append(({**body(), "owner": unit.pk}, False))
    if eyes.writes_at:
        bodies.append(({**body(), "owner": eyes.chance.choice(eyes.writes_at).pk}, True))
    return bodies


def _file_body():
    text = f"Hỏi {uuid4().hex}? {{ =Đúng ~Sai }}"
    return {"file": SimpleUploadedFile("a.gift", text.encode())}


def _tell_file(eyes, file):
    told = eyes.marks(file.file_name) | eyes.tell_names(file.uploaded_by, file.taken_by)
    told |= eyes.tell_units([file.owner] if file.owner else [])
    return told | tell_question(eyes, file.asked) | _tell_choices(eyes)


def _opens_file(eyes, file):
    return writes_for(eyes, file.owner)


def _may_copy(eyes, question):
    return [
        (body, may and opens_question(eyes, question) and _reads_key(eyes, question))
        for body, may in _owner_bodies(eyes, dict)
    ]


_of_questions = {
    "things": lambda world: world.questions,
    "opens": opens_question,
    "tells": tell_question,
}
_of_files = {
    "things": lambda world: world.bank_files,
    "opens": _opens_file,
    "tells": _tell_file,
}
_for_writers = {
    "opens": _writes_anywhere,
    "tells": lambda eyes, _: _tell_choices(eyes),
}

DOORS = {
    "questions:bank": Door(opens=_writes_anywhere, tells=_tell_bank),
    "questions:many": Door(opens=_writes_anywhere, tells=_tell_bank, posts=_many_bodies),
    "questions:kinds": Door(opens=_writes_anywhere),
    "questions:new": Door(
        **_for_writers,
        things=lambda _world: ["single"],
        args=lambda kind: [kind],
        posts=lambda eyes, _: _owner_bodies(eyes, _editor_body),
    ),
    "questions:question": Door(**_of_questions),
    "questions:edit": Door(
        things=lambda world: world.questions,
        opens=_edits,
        tells=lambda eyes, each: tell_question(eyes, each) | _tell_choices(eyes),
        posts=acts(_edits, lambda _e, _q: _editor_body(seen="x")),
    ),
    "questions:send": Door(**_of_questions, posts=acts(writes)),
    "questions:review": Door(
        things=lambda world: world.questions,
        opens=_opens_review,
        tells=tell_question,
        posts=acts(_may_review, lambda _e, _q: {"verdict": "return", "remarks": "Chưa rõ"}),
    ),
    "questions:use": Door(**_of_questions, posts=acts(writes)),
    "questions:share": Door(**_of_questions, posts=acts(writes, lambda _e, _q: {"shared": "yes"})),
    "questions:copy": Door(**_of_questions, posts=_may_copy),
    "questions:retire": Door(
        things=lambda world: world.questions,
        opens=_retires,
        tells=tell_question,
        posts=acts(_retires, lambda _e, _q: {"reason": "Luật đã thay"}),
    ),
    "questions:media": Door(  # whoever is signed in and knows the hash
        things=lambda world: world.pictures, args=lambda picture: [picture.sha256]
    ),
    "questions:files": Door(tells=list_of(lambda world: world.bank_files, _opens_file, _tell_file)),
    "questions:upload": Door(**_for_writers, posts=lambda eyes, _: _owner_bodies(eyes, _file_body)),
    "questions:template": Door(opens=_writes_anywhere),
    "questions:file": Door(**_of_files),
    "questions:choose": Door(
        **_of_files, posts=acts(_opens_file, lambda _e, _f: {"shown": [1], "take": [1]})
    ),
    "questions:take": Door(
        **_of_files, posts=acts(_opens_file, lambda _e, _f: {"shown": [1], "take": [1]})
    ),
    "questions:give_up": Door(**_of_files, posts=acts(_opens_file)),
}
