"""Answers of many devices at once: parsed, fitted, written together, replied to after the commit.

It takes only what it is sure of. Everything else (another method, an odd field, an answer that
does not fit, an attempt that is not this person's, a pass that is missing or too old) it leaves to
the view at the same address, so there is one place that refuses.
"""

from hocvu.exams.hot.path import AnswerPath

__all__ = ["AnswerPath"]
