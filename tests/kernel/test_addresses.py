from hypothesis import given
from hypothesis import strategies as st

from hocvu.kernel.addresses import address_from

PROXY = ["10.0.0.0/8"]


@given(st.ip_addresses(v=4), st.lists(st.ip_addresses().map(str)).map(",".join))
def test_without_trusted_proxies_nobody_can_claim_another_address(remote, claimed):
    assert address_from(str(remote), claimed, []) == str(remote)


def test_behind_a_trusted_proxy_the_address_it_saw_counts():
    assert address_from("10.0.0.2", "203.0.113.9", PROXY) == "203.0.113.9"


def test_what_a_client_writes_before_the_proxy_counts_for_nothing():
    forged = "198.51.100.1, 203.0.113.9"

    assert address_from("10.0.0.2", forged, PROXY) == "203.0.113.9"


def test_two_proxies_of_ours_are_both_looked_through():
    assert address_from("10.0.0.2", "203.0.113.9, 10.0.0.3", PROXY) == "203.0.113.9"


def test_an_unreadable_claim_ends_the_search():
    assert address_from("10.0.0.2", "203.0.113.9, unknown", PROXY) == "10.0.0.2"
