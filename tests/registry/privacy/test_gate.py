"""The privacy half of a decision on a copy, for every case that there is."""

from itertools import product

import pytest

from registry.conveyance.models import Recipient
from registry.privacy.gate import ACKNOWLEDGE, INFORM, RULE, privacy_need

DIGEST = "a" * 64


def need(**case):
    fixed = {
        "first_party": False, "notice_digest": DIGEST, "acknowledged": False, "gate": INFORM,
        "recipient": Recipient.ACCOUNT, "own_protocol": False,
    }  # fmt: skip
    return privacy_need(**{**fixed, **case})


@pytest.mark.parametrize("recipient", [Recipient.ACCOUNT, Recipient.SERVER])
def test_whoever_can_be_asked_acknowledges_a_third_partys_notice_first(recipient):
    assert need(recipient=recipient) == RULE
    assert need(recipient=recipient, acknowledged=True) is None


@pytest.mark.parametrize("recipient", [Recipient.ANONYMOUS, Recipient.ACCOUNT, Recipient.SERVER])
def test_a_client_of_a_fixed_protocol_is_told_and_not_refused(recipient):
    assert need(recipient=recipient, own_protocol=True) is None


@pytest.mark.parametrize("recipient", [Recipient.ANONYMOUS, Recipient.ACCOUNT, Recipient.SERVER])
def test_with_acknowledge_it_is_refused_too_until_its_owner_has_acknowledged(recipient):
    assert need(recipient=recipient, own_protocol=True, gate=ACKNOWLEDGE) == RULE
    assert need(recipient=recipient, own_protocol=True, gate=ACKNOWLEDGE, acknowledged=True) is None


def test_a_stranger_is_informed_and_with_acknowledge_refused():
    assert need(recipient=Recipient.ANONYMOUS) is None
    assert need(recipient=Recipient.ANONYMOUS, gate=ACKNOWLEDGE) == RULE


def test_first_parties_and_those_who_make_or_review_it_are_never_asked():
    cases = product(Recipient, (INFORM, ACKNOWLEDGE), (True, False), (True, False))
    for recipient, gate, own, acknowledged in cases:
        case = {"recipient": recipient, "gate": gate, "own_protocol": own, "acknowledged": acknowledged}
        assert need(first_party=True, **case) is None
        if recipient in {Recipient.MEMBER, Recipient.MODERATOR}:
            assert need(**case) is None


def test_what_has_no_notice_cannot_be_acknowledged():
    assert need(notice_digest=None) is None
    assert need(notice_digest=None, acknowledged=True, gate=ACKNOWLEDGE) == RULE
