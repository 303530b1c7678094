"""Links under which holders show their certificates."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.recognition_scene import NOON
from hocvu.audit.models import AuditEntry
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.time import VIETNAM
from hocvu.wallet.actions import withdraw_share
from hocvu.wallet.actions.shares import NothingToShare
from hocvu.wallet.models import Share
from hocvu.wallet.queries.shares import address_of, share_behind, shares_of
from hocvu.wallet.rules.shares import (
    Period,
    State,
    end_of,
    hash_of,
    is_possible_end,
    state_of,
    token_of,
)


def token_in(address):
    return address.rpartition("/w/")[2]


# --- how a link is written ---------------------------------------------------------------------


@given(st.binary(min_size=1, max_size=64), st.binary(min_size=16, max_size=16))
def test_the_key_and_the_seed_make_the_token_again_and_nothing_else_does(key, seed):
    token = token_of(key, seed)

    assert token == token_of(key, seed)
    assert len(token) == 24  # 144 bits
    assert token != token_of(key + b"x", seed)
    assert token != token_of(key, seed[::-1] + b"x")


def test_what_cannot_be_a_token_has_a_hash_that_no_token_has():
    odd = {hash_of(text) for text in ("", "x", "a" * 23, "a" * 25, "đ" * 24, "../../etc/passwd")}

    assert odd == {hash_of("")}
    assert hash_of("a" * 24) not in odd


def test_a_link_lasts_a_day_a_week_a_month_or_to_the_end_of_a_chosen_day():
    assert end_of(Period.DAY, None, NOON) == NOON + timedelta(days=1)
    assert end_of(Period.WEEK, None, NOON) == NOON + timedelta(days=7)
    assert end_of(Period.MONTH, None, NOON) == NOON + timedelta(days=30)
    chosen = end_of(Period.UNTIL, date(2026, 12, 31), NOON)
    assert chosen == datetime(2027, 1, 1, tzinfo=VIETNAM)
    with pytest.raises(ValueError, match="names the day"):
        end_of(Period.UNTIL, None, NOON)


@pytest.mark.parametrize(
    ("until", "possible"),
    [
        (date(2026, 11, 19), False),
        (date(2026, 11, 20), True),
        (date(2027, 11, 20), True),
        (date(2027, 11, 21), False),
    ],
)
def test_a_link_lasts_a_year_at_most(until, possible):
    assert is_possible_end(until, NOON) is possible


def test_a_link_is_over_at_its_last_moment_and_withdrawn_before_anything():
    later = NOON + timedelta(days=1)

    assert state_of(later, None, NOON) is State.OPEN
    assert state_of(later, None, later) is State.OVER
    assert state_of(later, NOON, later) is State.WITHDRAWN


# --- making one ---------------------------------------------------------------------------------


def test_a_link_opens_what_its_holder_shows(share, certificate, settings):
    address = address_of(share)

    assert address.startswith(f"{settings.SITE_ADDRESS}/w/")
    assert share_behind(token_in(address), NOON) == share
    assert [each.certificate for each in share.shown.all()] == [certificate]


def test_the_link_is_not_in_the_database(share):
    token = token_in(address_of(share))
    row = Share.objects.values().get(pk=share.pk)

    assert token not in str(row)
    assert token.encode() not in {bytes(row["seed"]), bytes(row["token_sha256"])}


def test_a_form_sent_twice_makes_one_link(share_of, certificate, terms):
    client_id = uuid4()

    first = share_of(certificate, client_id=client_id)
    second = share_of(certificate, client_id=client_id, terms=replace(terms, purpose="Việc khác"))

    assert first == second
    assert Share.objects.count() == 1
    assert AuditEntry.objects.filter(act="share_made").count() == 1


def test_somebody_elses_form_makes_a_link_of_their_own(share_of, certificates, learners):
    client_id = uuid4()

    own = share_of(certificates[0], client_id=client_id)
    others = share_of(certificates[1], client_id=client_id, by=learners[1])

    assert own != others
    assert address_of(own) != address_of(others)


def test_nobody_shares_what_they_do_not_hold(share_of, certificates, registrar):
    with pytest.raises(NotAllowed):
        share_of(certificates[0], certificates[1])
    with pytest.raises(NotAllowed):
        share_of(certificates[0], by=registrar)
    assert not Share.objects.exists()


def test_a_link_shows_something_and_nothing_twice(share_of, certificate):
    for odd in ([], [certificate, certificate]):
        with pytest.raises(NothingToShare):
            share_of(*odd)


# --- its end ------------------------------------------------------------------------------------


def test_a_withdrawn_link_opens_nothing_at_once(share, holder):
    token = token_in(address_of(share))

    withdraw_share(share, by=holder, at=NOON)
    withdraw_share(share, by=holder, at=NOON + timedelta(hours=1))

    assert share_behind(token, NOON) is None
    assert Share.objects.get().withdrawn_at == NOON
    assert AuditEntry.objects.filter(act="share_withdrawn").count() == 1


def test_only_who_made_a_link_withdraws_it(share, learners, registrar):
    for somebody in (learners[1], registrar):
        with pytest.raises(NotAllowed):
            withdraw_share(share, by=somebody, at=NOON)
    assert Share.objects.get().withdrawn_at is None


def test_a_link_ends_by_itself(share):
    token = token_in(address_of(share))

    assert share_behind(token, share.expires_at - timedelta(seconds=1)) == share
    assert share_behind(token, share.expires_at) is None


def test_a_link_outlives_a_change_of_the_installations_key(share, settings):
    token = token_in(address_of(share))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key"

    assert token_in(address_of(share)) == token
    settings.SECRET_KEY_FALLBACKS = []
    assert address_of(share) == ""
    assert share_behind(token, NOON) == share


def test_everybody_sees_their_own_links_only(share, holder, learners, registrar):
    assert list(shares_of(holder)) == [share]
    assert not shares_of(learners[1]).exists()
    assert not shares_of(registrar).exists()
