"""Why a file was not verified. Each is a different answer to the person who holds the file."""


class NotVerified(Exception):
    """The file must not be relied on."""


class NotAPdf(NotVerified):
    """These bytes are not a complete PDF file."""


class NotSigned(NotVerified):
    """The file carries no signature at all."""


class MoreThanOneSignature(NotVerified):
    """The file carries several signatures; a certificate has exactly one."""


class NotOurForm(NotVerified):
    """The file is signed, but not in the one form checked here. Nothing can be said about it."""


class ChangedAfterSigning(NotVerified):
    """The file is not, byte for byte, the one that was signed."""


class SignedByAnother(NotVerified):
    """The signature holds, but none of the trusted authorities stands behind the signer."""


class CertificateNotValid(NotVerified):
    """The signer's certificate did not allow this signature at the time it names."""
