"""Secrets that bear their own checksum."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.accounts.bearer import (
    ALPHABET,
    Prefix,
    digest_of,
    is_secret,
    make_secret,
    shown_part,
)

prefixes = st.sampled_from(Prefix)
secrets = prefixes.map(make_secret)


def test_a_secret_has_its_prefix_thirty_random_letters_and_six_of_checksum():
    secret = make_secret(Prefix.API)
    assert secret.startswith("mq_p_")
    assert len(secret) == 5 + 30 + 6
    assert set(secret[5:]) <= set(string.ascii_letters + string.digits)


def test_no_two_secrets_are_the_same():
    assert len({make_secret(Prefix.API) for _ in range(1000)}) == 1000


def test_the_checksum_is_crc_32_in_base_62_and_never_changes():
    """Tokens that were handed out must be known to every later version."""
    assert is_secret("mq_p_" + "0" * 30 + "1hUfUv", Prefix.API)


@given(secret=secrets, prefix=prefixes)
@settings(deadline=None, max_examples=50)
def test_a_secret_opens_only_what_its_prefix_says(secret, prefix):
    assert is_secret(secret, prefix) == secret.startswith(prefix)


@given(secret=secrets, at=st.integers(5, 40), letter=st.sampled_from(ALPHABET))
@settings(deadline=None, max_examples=200)
def test_one_wrong_letter_anywhere_is_noticed(secret, at, letter):
    typed = secret[:at] + letter + secret[at + 1 :]
    assert is_secret(typed, Prefix(secret[:5])) == (typed == secret)


@given(secret=secrets, at=st.integers(5, 39))
@settings(deadline=None, max_examples=100)
def test_two_letters_swapped_are_noticed(secret, at):
    typed = secret[:at] + secret[at + 1] + secret[at] + secret[at + 2 :]
    assert is_secret(typed, Prefix(secret[:5])) == (typed == secret)


@given(text=st.text(max_size=60), prefix=prefixes)
@settings(deadline=None, max_examples=200)
def test_any_other_text_is_refused_without_a_crash(text, prefix):
    assert not is_secret(text, prefix)
    assert not is_secret(prefix + text, prefix)


@pytest.mark.parametrize("text", ["", "mq_p_", "mq_p_" + "٣" * 36, "mq_p_" + "é" * 36, "\0" * 41])
def test_a_text_that_is_no_ascii_is_refused(text):
    assert not is_secret(text, Prefix.API)


def test_what_is_kept_and_what_is_shown_do_not_give_the_secret_away():
    secret = make_secret(Prefix.API)
    assert len(digest_of(secret)) == 64
    assert digest_of(secret) != digest_of(secret[:-1])
    assert shown_part(secret) == secret[:9]
