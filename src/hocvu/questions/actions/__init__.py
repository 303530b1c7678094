"""What can be done with questions."""

from hocvu.questions.actions.exporting import (
    ExportedFile,
    FileFormat,
    NothingToExport,
    TooManyQuestions,
    export_questions,
)
from hocvu.questions.actions.files import (
    FileIsDone,
    FileIsUnreadable,
    choose_from_file,
    give_up_bank_file,
    take_bank_file,
    upload_bank_file,
)
from hocvu.questions.actions.locking import (
    KeyIsWithheld,
    refuse_if_withheld,
    refuse_unless_can_retire,
    refuse_unless_can_review,
    refuse_unless_can_write,
)
from hocvu.questions.actions.packaged import QuestionIsFlawed, QuestionWasEdited, load_bank
from hocvu.questions.actions.pictures import (
    LARGEST_PICTURE,
    KeptPicture,
    PictureIsUnfit,
    keep_picture,
)
from hocvu.questions.actions.review import (
    QuestionIsNotInReview,
    QuestionIsNotReviewed,
    QuestionIsUnfinished,
    ReviewWasGiven,
    put_in_use,
    retire_question,
    review_question,
    send_for_review,
    share_question,
)
from hocvu.questions.actions.writing import (
    QuestionHasNewerVersion,
    QuestionStandsAlready,
    QuestionWasChanged,
    Written,
    copy_question,
    edit_question,
    write_question,
)

__all__ = [
    "LARGEST_PICTURE",
    "ExportedFile",
    "FileFormat",
    "FileIsDone",
    "FileIsUnreadable",
    "KeptPicture",
    "KeyIsWithheld",
    "NothingToExport",
    "PictureIsUnfit",
    "QuestionHasNewerVersion",
    "QuestionIsFlawed",
    "QuestionIsNotInReview",
    "QuestionIsNotReviewed",
    "QuestionIsUnfinished",
    "QuestionStandsAlready",
    "QuestionWasChanged",
    "QuestionWasEdited",
    "ReviewWasGiven",
    "TooManyQuestions",
    "Written",
    "choose_from_file",
    "copy_question",
    "edit_question",
    "export_questions",
    "give_up_bank_file",
    "keep_picture",
    "load_bank",
    "put_in_use",
    "refuse_if_withheld",
    "refuse_unless_can_retire",
    "refuse_unless_can_review",
    "refuse_unless_can_write",
    "retire_question",
    "review_question",
    "send_for_review",
    "share_question",
    "take_bank_file",
    "upload_bank_file",
    "write_question",
]
