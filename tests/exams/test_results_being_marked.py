"""The results of a class say how many wait for their marks."""

from hocvu.exams.queries.results import results_open_to, tally


def test_who_handed_in_and_is_not_marked_is_counted_as_being_marked(waiting, sitting, officer):
    counted = tally(results_open_to(officer, sitting))

    assert (counted.waiting, counted.passed, counted.failed, counted.under_way) == (1, 0, 0, 0)
    assert counted.waiting + counted.absent == counted.learners
