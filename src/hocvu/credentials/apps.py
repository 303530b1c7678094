"""Wiring of this room."""

from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hocvu.people.rules.access import Permission
from hocvu.ui.navigation import (
    NavigationItem,
    Section,
    register,
    register_section,
)


class CredentialsConfig(AppConfig):
    name = "hocvu.credentials"
    label = "credentials"

    def ready(self) -> None:
        from hocvu.credentials import reactions  # noqa: F401, PLC0415 — they listen from now on
        from hocvu.credentials.queries.notice_words import KINDS  # noqa: PLC0415
        from hocvu.notices.rules.kinds import register_kind  # noqa: PLC0415

        for kind in KINDS:
            register_kind(kind)
        for label, url_name, order in (
            (_("Root register"), "credentials:register", 70),
            (_("Certificates of our people"), "credentials:received", 72),
        ):
            group = _("Certificates")
            register(NavigationItem(label, url_name, _sees, order=order, group=group))
        _add_sections()
        _add_columns()


def _add_sections() -> None:
    from hocvu.credentials.queries import added  # noqa: PLC0415 — models load after apps

    context: Callable[[HttpRequest, Any], dict[str, object]]
    for page, part, context in (
        ("recognition", "overdue", added.overdue),
        ("recognised", "issued", added.issued_of),
        ("proposal", "previews", added.previews),
        ("decision", "progress", added.progress),
        ("decisions", "to_sign", added.to_sign),
    ):
        register_section(page, "credentials", Section(f"credentials/parts/{part}.html", context))


def _add_columns() -> None:
    from hocvu.credentials.queries import added  # noqa: PLC0415 — as above
    from hocvu.credentials.queries.runs import with_issued, with_serials  # noqa: PLC0415
    from hocvu.ui.more_columns import MoreColumns, register_columns  # noqa: PLC0415

    for page, columns in (
        ("proposal", MoreColumns(added.preview_of)),
        ("decision", MoreColumns(lambda _decision: added.OF_LINES, with_serials)),
        ("decisions", MoreColumns(lambda _: added.OF_DECISIONS, with_issued)),
    ):
        register_columns(page, "credentials", columns)


def _sees(request: HttpRequest) -> bool:
    from hocvu.people.queries.scope import scope_of  # noqa: PLC0415 — as above

    user = request.user
    return user.is_authenticated and scope_of(user.person).may_anywhere(Permission.SEE_CERTIFICATES)
