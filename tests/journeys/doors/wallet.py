"""The doors of holders: their own for themselves, what they share for whoever has the link."""

from uuid import uuid4

from hocvu.verification.models import AccessKey
from hocvu.wallet.queries.shares import address_of
from journeys.doors.door import Door, acts, list_of
from journeys.doors.eyes import Eyes


def _holds(eyes, certificate):
    return certificate.entry.person == eyes.me


def _shared(eyes, share):
    return share.holder == eyes.me


def _answers(eyes, request):
    return eyes.issues(request.certificate.entry.decision.training_class)


def _certificates_of(share):
    return [each.certificate for each in share.shown.all()]


def _tell_share(eyes, share):
    return eyes.marks(share.purpose) | eyes.tell_certificates(_certificates_of(share))


def _tell_request(eyes, request):
    told = eyes.marks(request.should_say, request.evidence) | eyes.tell_names(request.asked_by)
    return told | eyes.tell_certificate(request.certificate)


def _tell_own(eyes, certificate):
    asked = (each for each in eyes.world.requests if each.certificate == certificate)
    told = set().union(*(_tell_request(eyes, each) for each in asked), set())
    return told | eyes.tell_certificate(certificate)


def _tell_checks(eyes, _thing=None):
    """What was checked, and the organisations that asked with a key of their own."""
    own = [each for each in eyes.world.certificates if _holds(eyes, each)]
    keys = AccessKey.objects.all() if own else []
    return eyes.tell_certificates(own) | eyes.marks(*(key.organisation for key in keys))


def _signed(eyes, certificate):
    return _holds(eyes, certificate) and certificate in [
        each.certificate for each in eyes.world.credentials
    ]


def _tell_signed(eyes, certificate):
    of_it = (each for each in eyes.world.credentials if each.certificate == certificate)
    told = set().union(*(eyes.marks(each.token, each.document) for each in of_it), set())
    return told | eyes.tell_certificate(certificate)


def _token_of(share):
    return address_of(share).rpartition("/")[2]


def _share_bodies(eyes, _thing):
    """A link to one's own; somebody else's certificate cannot be ticked."""

    def body(certificate):
        return {
            "certificates": certificate.pk, "purpose": "Việc", "period": "7", "shown": "facts",
            "client_id": str(uuid4()),
        }  # fmt: skip

    own = [each for each in eyes.world.certificates if _holds(eyes, each)]
    others = [each for each in eyes.world.certificates if not _holds(eyes, each)]
    return [(body(each), True) for each in own[:1]] + [(body(each), False) for each in others[:1]]


_OWN = {"things": lambda world: world.certificates, "opens": _holds, "tells": _tell_own}
_SHARE = {"things": lambda world: world.shares, "opens": _shared, "tells": _tell_share}
_CERTIFIED = {
    "is_public": True,
    "things": lambda world: world.decisions,
    "tells": lambda eyes, decision: (
        eyes.tell_units([decision.issuer]) | eyes.marks(decision.training_class.programme.name)
    ),
}

DOORS = {
    "wallet:mine": Door(
        tells=list_of(lambda world: world.certificates, _holds, Eyes.tell_certificate)
    ),
    "wallet:certificate": Door(**_OWN),
    "wallet:sign": Door(**_OWN, posts=acts(_holds)),
    "wallet:credential": Door(
        things=lambda world: world.certificates,
        opens=_signed,
        tells=_tell_signed,
        args=lambda certificate: [certificate.pk, "jwt"],
    ),
    "wallet:ask": Door(
        **_OWN,
        posts=acts(
            _holds,
            lambda _e, _t: {
                "subject": "unit",
                "should_say": "Đơn vị",
                "evidence": "Quyết định",
                "client_id": str(uuid4()),
            },
        ),
    ),
    "wallet:shares": Door(tells=list_of(lambda world: world.shares, _shared, _tell_share)),
    "wallet:new_share": Door(
        tells=list_of(lambda world: world.certificates, _holds, Eyes.tell_certificate),
        posts=_share_bodies,
    ),
    "wallet:share": Door(**_SHARE),
    "wallet:withdraw": Door(**_SHARE, posts=acts(_shared)),
    "wallet:openings": Door(tells=list_of(lambda world: world.shares, _shared, _tell_share)),
    "wallet:checks": Door(tells=_tell_checks),
    # Whoever has a link is told what stands on its certificates, and not what the link is for.
    "wallet:open": Door(
        is_public=True,
        things=lambda world: world.shares,
        args=lambda share: [_token_of(share)],
        tells=lambda eyes, share: eyes.tell_certificates(_certificates_of(share)),
    ),
    "wallet:open_file": Door(
        is_public=True,
        things=lambda world: world.shares,
        args=lambda share: [_token_of(share), 1],
        opens=lambda _eyes, _share: False,  # nothing in this world was signed, so nothing is valid
    ),
    "wallet:requests": Door(tells=list_of(lambda world: world.requests, _answers, _tell_request)),
    "wallet:answer": Door(
        things=lambda world: world.requests,
        opens=_answers,
        tells=_tell_request,
        posts=acts(_answers, lambda _e, _t: {"answer": "Không đủ căn cứ"}),
    ),
    # What a programme's certificate stands for, and who issues it: no person.
    "wallet:achievement": Door(
        **_CERTIFIED,
        args=lambda decision: [decision.training_class.programme_id, decision.issuer_id],
    ),
    "wallet:issuer": Door(**_CERTIFIED, args=lambda decision: [decision.issuer_id]),
    "wallet:image": Door(is_public=True),
}
