"""Questions of every state, with keys that nobody but writers may read; files and pictures."""

from datetime import timedelta
from hashlib import sha256

from hocvu.items.storing import to_json
from hocvu.questions.models import (
    BankImport,
    FoundQuestion,
    Question,
    QuestionMedia,
    QuestionReview,
)
from hocvu.questions.queries.items import item_of
from hocvu.questions.rules.sameness import fingerprint, search_key

_STATES = ("draft", "in_review", "returned", "reviewed", "in_use", "in_use", "retired")
_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a4944415478da6360000000020001737501180000000049454e44ae426082"
)


def make_questions(world):
    """Each state of each kind of owner: nobody (the national bank), a unit, a unit that shares."""
    for at, state in enumerate(_STATES * 3):
        owner = None if at % 4 == 0 else world.chance.choice(world.units[1:])
        packaged = owner is None and state == "in_use"
        author = None if packaged and at % 3 == 0 else world.chance.choice(world.people)
        question = unsaved_question(world, owner, author, state)
        question.is_shared = world.chance.random() < 0.4
        world.questions.append(question)
    Question.objects.bulk_create(world.questions)
    _versions(world)
    _reviews(world)
    _files(world)
    picture = QuestionMedia(sha256=sha256(_DOT).hexdigest(), content_type="image/png", content=_DOT)
    world.pictures = QuestionMedia.objects.bulk_create([picture])


def unsaved_question(world, owner, author, state, *, code="", version=1):
    """`why` is the key; everything has a mark of its own."""
    options = [
        {"id": each, "text": f"Chọn {world.mark()}", "right": each == "a",
         "why": f"Vì {world.mark()}" if each == "a" else ""}
        for each in "abc"
    ]  # fmt: skip
    question = Question(
        code=code or f"Q{world.digits(6)}", version=version, kind="single",
        stem=f"Hỏi {world.mark()}", options=options, component_code="1.1", level="CB2",
        topic=f"T {world.mark()}", target_group="", source=f"Luật {world.mark()}", owner=owner,
        created_by=author, created_at=world.now if author else None,
    )  # fmt: skip
    item = item_of(question)
    question.search_key = search_key(question.code, item)
    question.fingerprint = fingerprint(item, {})
    _bring_to(question, state, world)
    return question


def _bring_to(question, state, world):
    long_ago = world.now - timedelta(days=9)
    if state != "draft":
        question.sent_for_review_at = long_ago
    if state == "returned":
        question.returned_at = long_ago
    if state in {"reviewed", "in_use"}:
        question.reviewed_at = long_ago
    if state == "in_use":
        question.put_in_use_at, question.put_in_use_by = long_ago, world.chance.choice(world.people)
    if state == "retired":
        question.retired_at, question.retired_by = long_ago, world.chance.choice(world.people)
        question.retire_reason = f"Bỏ {world.mark()}"


def _versions(world):
    """Of two questions in use a new version is being written."""
    in_use = [each for each in world.questions if each.put_in_use_at and each.owner]
    drafts = [
        unsaved_question(
            world, old.owner, world.chance.choice(world.people), "draft", code=old.code, version=2
        )
        for old in in_use[:2]
    ]
    world.questions += Question.objects.bulk_create(drafts)


def _reviews(world):
    for question in world.questions:
        if question.sent_for_review_at is None:
            continue
        reviewers = [person for person in world.people if person != question.created_by]
        world.reviews.append(
            QuestionReview(
                question=question, reviewer=world.chance.choice(reviewers),
                approves=question.returned_at is None, remarks=f"Nhận xét {world.mark()}",
                reviewed_at=world.now,
            )
        )  # fmt: skip
    QuestionReview.objects.bulk_create(world.reviews)


def _files(world):
    """One is taken; another is of the national bank."""
    found = []
    for at, owner in enumerate([None, *world.chance.sample(world.units[1:], 4), world.units[1]]):
        file = BankImport.objects.create(
            owner=owner, file_name=f"{world.mark()}.gift", file_sha256=f"{at:064x}",
            uploaded_by=world.chance.choice(world.people), uploaded_at=world.now, format="gift",
            stated=1, taken_at=world.now if at == 1 else None,
            taken_by=world.chance.choice(world.people) if at == 1 else None,
        )  # fmt: skip
        question = unsaved_question(world, owner, None, "draft")
        file.asked = question
        found.append(
            FoundQuestion(
                bank_import=file, number=1, line=1, content=to_json(item_of(question)),
                fingerprint=question.fingerprint,
            )
        )  # fmt: skip
        world.bank_files.append(file)
    FoundQuestion.objects.bulk_create(found)
