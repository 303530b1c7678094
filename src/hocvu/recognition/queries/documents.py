"""A decision as a document to be read and printed, and how official documents are set."""

import json
from datetime import datetime
from pathlib import Path

from django.conf import settings

from hocvu.kernel.time import day_of
from hocvu.recognition.models import RecognitionDecision
from hocvu.recognition.queries.heads import head_of
from hocvu.recognition.rules.decree30 import AnnexLine, DecisionFacts, decision_document
from hocvu.typesetting import Typesetter, document_face

_TEMPLATE = Path(__file__).parent.parent / "templates" / "recognition" / "decision.typ"


def set_document(template: Path, document: object, *, at: datetime) -> bytes:
    """A PDF/A-2b file of an official document; the same values give the same bytes.

    It is set in the face that Decree 30 asks for where the machine has one as wide.
    """
    told = json.dumps(document, ensure_ascii=False)
    typesetter = Typesetter(template, face=document_face(settings.DOCUMENT_FONTS))
    return typesetter.pdf({"document": told}, at=at)


def facts_of(decision: RecognitionDecision) -> DecisionFacts:
    """What the decision's document says, without its list."""
    results, head = decision.result_record, head_of(decision.issuer, decision.decided_on)
    return DecisionFacts(
        text=decision.text,
        kind=decision.kind,
        issuer_name=head.issuer,
        superior_name=head.superior,
        programme=decision.programme_name,
        class_name=decision.class_name,
        class_code=decision.class_code,
        starts_on=decision.starts_on,
        ends_on=decision.ends_on,
        opening_decision=decision.opening_decision,
        results_on=day_of(results.approved_at) if results else None,
        learner_count=decision.learner_count,
    )


def decision_pdf(decision: RecognitionDecision) -> bytes:
    """The decision with its annexed list, as Decree 30/2020 lays it out."""
    lines = [
        AnnexLine(
            each.position,
            each.full_name,
            each.birth_text,
            each.sex,
            each.post_title,
            each.unit_name,
            each.grade,
        )
        for each in decision.entries.order_by("position")
    ]
    document = decision_document(facts_of(decision), lines)
    return set_document(_TEMPLATE, document, at=decision.issued_at)
