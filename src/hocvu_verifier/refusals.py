"""Why something was not verified. Each is a different answer to the person who holds it.

`in_vietnamese` and `in_english` are that answer in one sentence; the text of the exception says
in English which check failed.
"""


class NotVerified(Exception):
    """It must not be relied on."""

    in_vietnamese = "Không xác nhận được."
    in_english = "It could not be verified."


class NotAPdf(NotVerified):
    """These bytes are not a complete PDF file."""

    in_vietnamese = "Đây không phải là một tệp PDF nguyên vẹn."
    in_english = "This is not a complete PDF file."


class NotSigned(NotVerified):
    """The file carries no signature at all."""

    in_vietnamese = "Tệp không có chữ ký số."
    in_english = "The file carries no digital signature."


class SignatureRemoved(NotSigned):
    """The place of a signature is there; the signature is not, or is empty."""

    in_vietnamese = "Chữ ký số trong tệp đã bị gỡ bỏ hoặc bị làm rỗng."
    in_english = "The signature was removed from the file, or emptied."


class NotOurForm(NotVerified):
    """The file is signed, but in a form that cannot be checked here. Nothing is said about it."""

    in_vietnamese = "Tệp có chữ ký nhưng không theo dạng có thể kiểm tra ở đây."
    in_english = "The file is signed in a form that cannot be checked here."


class ChangedAfterSigning(NotVerified):
    """Bytes that were signed are no longer the ones that were signed."""

    in_vietnamese = "Nội dung đã bị thay đổi sau khi ký."
    in_english = "The content was changed after signing."


class AddedAfterSigning(ChangedAfterSigning):
    """What was signed still stands there, but something was added to it."""

    in_vietnamese = "Sau khi ký, có nội dung đã được thêm vào tệp."
    in_english = "Something was added to the file after signing."


class CoversOnlyAPart(ChangedAfterSigning):
    """The signature claims other stretches of the file than the whole of it."""

    in_vietnamese = "Chữ ký chỉ bao trùm một phần của tệp."
    in_english = "The signature covers only a part of the file."


class MoreThanOneSignature(AddedAfterSigning):
    """A further signature stands where the first signer allowed none."""

    in_vietnamese = "Có chữ ký khác được thêm vào mà người ký đầu tiên không cho phép."
    in_english = "A further signature was added that the first signer did not allow."


class SignedByAnother(NotVerified):
    """The signature may hold, but none of the trusted authorities stands behind the signer."""

    in_vietnamese = "Không phải do đơn vị được tin cậy ký."
    in_english = "It was not signed by anybody who is trusted here."


class CertificateNotValid(NotVerified):
    """The signer's certificate did not allow this signature at the time it names."""

    in_vietnamese = "Chứng thư chữ ký số không cho phép chữ ký này vào thời điểm ký."
    in_english = "The signer's certificate did not allow this signature at that time."


class TimestampNotValid(NotVerified):
    """The time stamp on a signature does not hold."""

    in_vietnamese = "Dấu thời gian của chữ ký không đúng."
    in_english = "The time stamp on the signature does not hold."


class NotAStatement(NotVerified):
    """The scanned text is not the code of a certificate."""

    in_vietnamese = "Đây không phải là mã của một giấy chứng nhận."
    in_english = "This is not the code of a certificate."


class NotACredential(NotVerified):
    """The text is not a portable credential of a kind that is known here."""

    in_vietnamese = "Đây không phải là chứng nhận điện tử theo chuẩn được hỗ trợ."
    in_english = "This is not a portable credential of a kind that is known here."


class NotAStatusList(NotVerified):
    """The list of revocations cannot be relied on."""

    in_vietnamese = "Không dùng được danh sách trạng thái thu hồi."
    in_english = "The list of revocations cannot be relied on."


class NotATrustList(NotVerified):
    """The list of those whose word is taken cannot be read."""

    in_vietnamese = "Không đọc được danh sách đơn vị được tin cậy."
    in_english = "The list of trusted issuers cannot be read."
