"""Opening rooms, going in, and what a supervisor types."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvu.classes.models import BridgePoint
from hocvu.exams import rules
from hocvu.exams.models import Sitting
from hocvu.exams.queries.rooms import bridge_points_without_a_room

_LONGEST_REASON = 300


class RoomCodeForm(forms.Form):
    """What a learner types at the door of a supervised room."""

    room_code = forms.CharField(
        label=_("Code of the room"),
        max_length=20,
        help_text=_("Six letters and digits; the supervisor reads it out or writes it down."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )


class Networks(forms.CharField):
    """Networks, one on each line; cleaned, a tuple of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": 3}), required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        written = str(super().clean(value)).replace(",", "\n").split()
        if len(written) > rules.MOST_NETWORKS:
            raise forms.ValidationError(_("Please write at most 20 networks."))
        try:
            return tuple(rules.as_network(each) for each in written)
        except rules.NotANetwork as wrong:
            raise forms.ValidationError(
                _("“%(text)s” is not a network. Write networks such as 203.0.113.0/24."),
                params={"text": str(wrong)},
            ) from None


_NETWORKS_HELP = _(
    "Only devices with an address in one of these networks can go in, such as 203.0.113.0/24, one "
    "on each line. Leave it empty to let every device in."
)


class RoomForm(forms.Form):
    """The networks of a room, and a name to find its supervisor by."""

    networks = Networks(label=_("Networks of the room"), help_text=_NETWORKS_HELP)
    find = forms.CharField(
        label=_("Find the supervisor by name"),
        required=False,
        help_text=_("Part of a name is enough; tone marks are not needed."),
        widget=forms.TextInput({"type": "search"}),
    )


class OpenRoomForm(RoomForm):
    """A new room."""

    name = forms.CharField(label=_("Name of the room"), max_length=200)
    bridge_point = forms.ModelChoiceField(
        BridgePoint.objects.none(),
        label=_("Bridge point"),
        required=False,
        empty_label=_("none"),
        help_text=_("The learners of this bridge point are expected in the room."),
    )
    field_order = ("name", "bridge_point", "networks", "find")

    def __init__(self, sitting: Sitting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[BridgePoint]", self.fields["bridge_point"])
        field.queryset = bridge_points_without_a_room(sitting)


class ActReasonForm(forms.Form):
    """Why somebody acts on the attempts of others."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=_LONGEST_REASON,
        help_text=_("It stands in the log and beside the attempt."),
    )


class MinutesForm(ActReasonForm):
    minutes = forms.IntegerField(label=_("Extra minutes"), min_value=1, max_value=240)
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    field_order = ("minutes", "reason", "client_id")


class AllowanceForm(forms.Form):
    """Extra minutes for one learner, found by name."""

    find = forms.CharField(
        label=_("Find the learner by name"),
        required=False,
        help_text=_("Part of a name is enough; tone marks are not needed."),
        widget=forms.TextInput({"type": "search"}),
    )
    minutes = forms.IntegerField(label=_("Extra minutes"), min_value=1, max_value=240)
    reason = forms.CharField(label=_("Reason"), max_length=_LONGEST_REASON)
