"""A file as a device delivers it."""

from django import forms

from hocvu.exams.rules.files import LARGEST_FILE, SentFile

_GREATEST_SEQUENCE = 2**53 - 1  # what a browser counts exactly


class FileForm(forms.Form):
    file = forms.FileField(allow_empty_file=True, max_length=1_000)
    sequence = forms.IntegerField(min_value=1, max_value=_GREATEST_SEQUENCE)
    client_id = forms.UUIDField()

    def sent_file(self) -> SentFile:
        """No more of it than is needed to see that it is too large."""
        file = self.cleaned_data["file"]
        return SentFile(
            name=file.name,
            content=file.read(LARGEST_FILE + 1),
            sequence=self.cleaned_data["sequence"],
            client_id=self.cleaned_data["client_id"],
        )
