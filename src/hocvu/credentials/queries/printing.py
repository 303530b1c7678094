"""What a decision and its lines give to be printed."""

from hocvu.credentials.models import DecisionEntry, RecognitionDecision
from hocvu.credentials.rules.holders import Holder
from hocvu.credentials.rules.printing import Common

CODE_LENGTH = 16


def common_of(decision: RecognitionDecision) -> Common:
    """What all certificates of a decision say, as it read when it was decided."""
    programme = decision.training_class.programme
    return Common(
        decision.kind,
        decision.issuer.name,
        decision.programme_name,
        programme.name_en if programme.name == decision.programme_name else "",
        programme.code,
        decision.starts_on,
        decision.ends_on,
        decision.mode,
        decision.text,
        decision.issued_at,
    )


def holder_of(entry: DecisionEntry) -> Holder:
    """The holder as the list's line says; a later edition's is `Certificate.holder`."""
    return Holder(
        entry.full_name,
        entry.birth_text,
        entry.sex,
        entry.birth_place,
        entry.ethnic_group,
        entry.nationality,
        entry.post_title,
        entry.unit_name,
    )
