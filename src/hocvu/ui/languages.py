"""Words that are kept in Vietnamese, and perhaps in English."""

from django.utils.translation import get_language


def in_language(vietnamese: str, english: str) -> str:
    """The English words for an English page, where there are any; else the Vietnamese ones."""
    return english if english and (get_language() or "vi").startswith("en") else vietnamese
