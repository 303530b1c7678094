"""Kinds that rooms above keep in columns. This room has no table: what it knows stands in files."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeyTrouble(models.TextChoices):
    """Why nothing can be signed now."""

    KEY_AWAY = "key_away", _("The signing key cannot be reached: its token is not in its place.")
    CERTIFICATE_OVER = "certificate", _("The certificate of the signing key is not valid today.")
    TIMESTAMP_AWAY = "timestamp", _("The timestamp authority does not answer.")
    REFUSED = "refused", _("The signing service refused.")
    KEY_MISSING = "key_missing", _("No signing key is at hand: its file, PIN or name is missing.")
    KEYS_FILE = "keys_file", _("The file that names the signing keys cannot be used.")
    WRONG_PIN = (
        "wrong_pin",
        _("The signing key's PIN was refused. It is tried when you start again."),
    )
    KEY_UNSUITED = "key_unsuited", _("The signing key may not sign documents.")
    KEY_OF_ANOTHER = (
        "key_of_another",
        _("The certificate of the signing key names somebody else than who has to sign."),
    )
    SIGNER_REVOKED = "signer_revoked", _("The certificate of the signing key was revoked.")
    EVIDENCE = "evidence", _("The lists of revoked signing certificates cannot be had.")
