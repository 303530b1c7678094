"""Whatever may change a standing is noted here, in the transaction that changed it."""

from hocvu.campaigns.actions import note_changes
from hocvu.classes.events import ClassClosed
from hocvu.classes.models import Enrolment
from hocvu.competency.events import AssessmentsRecorded, ResultsWithdrawn
from hocvu.kernel.events import reacts_to
from hocvu.people.events import PeopleChangedPosts


@reacts_to(AssessmentsRecorded)
def note_the_assessed(event: AssessmentsRecorded) -> None:
    note_changes(event.person_ids, at=event.at)


@reacts_to(ResultsWithdrawn)
def note_those_whose_results_fell(event: ResultsWithdrawn) -> None:
    note_changes(event.person_ids, at=event.at)


@reacts_to(PeopleChangedPosts)
def note_the_moved(event: PeopleChangedPosts) -> None:
    note_changes(event.person_ids, at=event.at)


@reacts_to(ClassClosed)
def note_the_trained(event: ClassClosed) -> None:
    learners = Enrolment.objects.active().filter(training_class_id=event.class_id)
    note_changes(learners.values_list("person_id", flat=True), at=event.at)
