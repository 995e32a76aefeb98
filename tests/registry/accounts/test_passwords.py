"""What is asked of a password, and how it is kept."""

import statistics
import threading
import time

import pytest
from argon2 import PasswordHasher

from registry.accounts import passwords
from registry.errors import Invalid, Unavailable

GOOD = "violet anchor ninety teaspoons"
CONTEXT = ("ada.lovelace@example.org", "Ada Lovelace", "Northern Plug-ins", "plugins.example.org")


def refusal(password: str) -> str:
    with pytest.raises(Invalid) as refused:
        passwords.check_password(password, context=CONTEXT)
    assert refused.value.faults[0].pointer == "/password"
    assert password not in refused.value.detail
    return refused.value.code


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correct horse battery staple",
        "x7Kd 9wPq 22Lm vT",
        "ein langer Satz über Möwen",
        "я люблю старые пластинки",
        "正しい馬の電池ホチキス何か別の言葉",
    ],
)
def test_a_long_password_that_nobody_guesses_is_taken_without_rules_of_composition(password):
    assert passwords.check_password(password, context=CONTEXT) == password


def test_fourteen_characters_are_too_short_and_fifteen_are_enough():
    assert refusal("x7Kd9wPq22LmvT") == "password.short"
    assert passwords.check_password("x7Kd9wPq22LmvTz", context=CONTEXT)


def test_a_password_of_256_characters_is_taken_and_a_longer_one_refused():
    words = " ".join(f"{n * 7919:x}" for n in range(100))
    assert passwords.check_password(words[:256], context=CONTEXT) == words[:256]
    assert refusal(words[:257]) == "password.long"


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "qwertyuiopasdfgh",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcdefghijklmnopqrst",
        "123456789012345678",
        "iloveyouiloveyou",
        "Password123456789",
        "marquee-marquee-marquee",
        "ada.lovelace@example.org",
        "LovelaceLovelace",
        "plugins.example.org",
        "Northern Plug-ins",
    ],
)
def test_what_is_tried_first_is_refused_whatever_its_length(password):
    assert refusal(password) == "password.guessable"


def test_a_hash_is_argon2id_with_the_parameters_of_owasp():
    assert passwords.hash_password(GOOD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_right_password_matches_and_another_does_not():
    kept = passwords.hash_password(GOOD)
    assert passwords.matches(kept, GOOD)
    assert not passwords.matches(kept, GOOD + " ")
    assert not passwords.matches(kept, "")


def test_the_same_letters_typed_on_another_keyboard_match():
    """é is one character on one machine and two on another (NFKC)."""
    assert passwords.matches(
        passwords.hash_password("caf\u00e9 am Meer und Wind"), "cafe\u0301 am Meer und Wind"
    )


def test_a_hash_that_is_none_matches_nothing():
    assert not passwords.matches("no hash at all", GOOD)
    assert not passwords.matches(None, GOOD)
    assert not passwords.matches(None, "nobody has this password")


def test_an_unknown_account_costs_the_same_work_as_a_wrong_password():
    kept = passwords.hash_password(GOOD)
    passwords.matches(None, "warm")

    def median(password_hash: str | None) -> float:
        took = []
        for _ in range(7):
            begun = time.process_time()
            passwords.matches(password_hash, "wrong")
            took.append(time.process_time() - begun)
        return statistics.median(took)

    known, unknown = median(kept), median(None)
    assert 0.5 < unknown / known < 2


def test_a_hash_of_weaker_parameters_is_made_anew_and_a_present_one_is_not():
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD)
    renewed = passwords.renewed_hash(weak, GOOD)
    assert renewed is not None
    assert passwords.matches(renewed, GOOD)
    assert passwords.renewed_hash(renewed, GOOD) is None


def test_a_flood_of_sign_ins_is_told_to_come_back_and_does_not_take_the_machine(monkeypatch):
    monkeypatch.setattr(passwords, "_slots", threading.BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "WAIT_S", 0.01)
    with passwords._slot(), pytest.raises(Unavailable) as busy:
        passwords.matches(None, GOOD)
    assert busy.value.retry_after_s
    assert not passwords.matches(None, GOOD), "and it works again once the others are done"
