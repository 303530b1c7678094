"""Wiring of this room."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class WalletConfig(AppConfig):
    name = "hocvu.wallet"
    label = "wallet"

    def ready(self) -> None:
        from hocvu.notices.rules.kinds import register_kind  # noqa: PLC0415
        from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — models are ready only now
        from hocvu.people.rules.access import Permission  # noqa: PLC0415
        from hocvu.ui.navigation import NavigationItem, Place, register  # noqa: PLC0415
        from hocvu.wallet import reactions  # noqa: F401, PLC0415 — they listen from now on
        from hocvu.wallet.queries.notice_words import KINDS  # noqa: PLC0415

        for kind in KINDS:
            register_kind(kind)

        def is_somebody(request: HttpRequest) -> bool:
            return request.user.is_authenticated

        def answers(request: HttpRequest) -> bool:
            user = request.user
            return user.is_authenticated and scope_of(user.person).may_anywhere(
                Permission.ISSUE_CERTIFICATES
            )

        register(
            NavigationItem(
                _("My certificates"), "wallet:mine", is_somebody, order=40, place=Place.ACCOUNT
            )
        )
        register(
            NavigationItem(
                _("Requests for corrections"),
                "wallet:requests",
                answers,
                order=75,
                group=_("Certificates"),
            )
        )
