"""Who is behind a request."""

from typing import cast

from django.http import HttpRequest

from hocvu.people.models import Person, SignedInRequest


def person_of(request: HttpRequest) -> Person:
    """The person signed in; every page but the public ones has one."""
    return cast("SignedInRequest", request).user.person
