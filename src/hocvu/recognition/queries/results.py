"""Approved results of a class, and whether they are still what its rolls and tests say."""

from hocvu.classes.models import TrainingClass
from hocvu.recognition.models import ResultRecord
from hocvu.recognition.queries.candidates import Candidate, fingerprint_of


def latest_results(training_class: TrainingClass) -> ResultRecord | None:
    """The record that was approved last."""
    records = ResultRecord.objects.filter(training_class=training_class)
    return records.select_related("approved_by").order_by("-number").first()


def are_current(record: ResultRecord | None, candidates: list[Candidate]) -> bool:
    """Whether nothing has changed since these results were approved."""
    return record is not None and record.fingerprint == fingerprint_of(candidates)
