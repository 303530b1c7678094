"""A process that signs the one decision there is, and may be told when to die."""

import os
import sys

from django.utils import timezone

from hocvu.config import start

start.set_up()

from hocvu.credentials.actions import issue_certificates, issuing  # noqa: E402 — Django is ready now
from hocvu.recognition.models import RecognitionDecision  # noqa: E402

MOMENT = sys.argv[1]


def dying(*_arguments, **_named):
    os._exit(9)


def between_batches(issued):
    if issued >= 4 and MOMENT == "between batches":
        os._exit(9)


issuing.BATCH = 2
if MOMENT == "before the commit":
    issuing.publish = dying
if MOMENT == "while entering the log":
    issuing.append_to_log = dying
if MOMENT == "before publishing":
    issuing.publish_log = dying
decision = RecognitionDecision.objects.get()
issue_certificates(decision, by=decision.issued_by, at=timezone.now(), progress=between_batches)
