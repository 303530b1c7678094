"""One answer as a device delivers it."""

from django import forms

from hocvu.items.answers import LONGEST_ESSAY

_MOST_LINES = 200
_LONGEST_LINE = LONGEST_ESSAY + 100  # the name of a part, and what was put there
_GREATEST_SEQUENCE = 2**53 - 1  # what a browser counts exactly


class Lines(forms.MultipleChoiceField):
    """The lines of an answer as they come; whether they fit the question is for a rule to say."""

    def valid_value(self, value: object) -> bool:
        return 0 < len(str(value)) <= _LONGEST_LINE

    def validate(self, value: list[str]) -> None:
        super().validate(value[: _MOST_LINES + 1])
        if len(value) > _MOST_LINES:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], params={"value": len(value)}
            )


class AnswerForm(forms.Form):
    """One answer as a device delivers it."""

    question = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    chosen = Lines(required=False)
    sequence = forms.IntegerField(min_value=1, max_value=_GREATEST_SEQUENCE)
    client_id = forms.UUIDField()
