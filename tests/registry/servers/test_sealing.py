"""Sealing: only the same key and the same row open it."""

from uuid import uuid4

from registry.servers.sealing import seal, unseal

ADDRESS = "http://192.168.1.20:8096"


def test_what_was_sealed_opens_with_its_key_and_row():
    row = uuid4().bytes
    assert unseal(seal(ADDRESS, bound_to=row, secret_key="k"), bound_to=row, secret_key="k") == ADDRESS


def test_the_bytes_hold_nothing_of_it_and_differ_each_time():
    row = uuid4().bytes
    first, second = (seal(ADDRESS, bound_to=row, secret_key="k") for _ in range(2))
    assert first != second
    assert b"192.168" not in first


def test_another_key_another_row_or_a_changed_bit_opens_nothing():
    row = uuid4().bytes
    sealed = seal(ADDRESS, bound_to=row, secret_key="k")
    assert unseal(sealed, bound_to=row, secret_key="other") is None
    assert unseal(sealed, bound_to=uuid4().bytes, secret_key="k") is None
    assert unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), bound_to=row, secret_key="k") is None
    assert unseal(b"", bound_to=row, secret_key="k") is None
