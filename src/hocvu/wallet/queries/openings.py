"""When somebody looked at what a person shared. Never who: that is not kept."""

from django.db.models import QuerySet

from hocvu.people.models import Person
from hocvu.wallet.models import ShareOpening


def openings_of(person: Person) -> QuerySet[ShareOpening]:
    """Openings of a person's own links, minute by minute."""
    return ShareOpening.objects.filter(share__holder=person).select_related("share")
