"""The state machine as a table: what it allows, and that it refuses all else."""

import itertools

import pytest

from registry.releases.states import OFFERED, RESOLVABLE, TRANSITIONS, Event, ReleaseState, after

S, E = ReleaseState, Event


def test_the_way_of_contracts_is_there():
    assert after(S.WAITING, E.PUBLISH) is S.PUBLISHED
    assert after(S.WAITING, E.REQUEST_CHANGES) is S.CHANGES_REQUESTED
    assert after(S.WAITING, E.REJECT) is S.REJECTED
    assert {after(S.PUBLISHED, event) for event in (E.YANK, E.WITHDRAW, E.QUARANTINE)} == {
        S.YANKED, S.WITHDRAWN, S.QUARANTINED,
    }  # fmt: skip
    assert after(S.YANKED, E.UNYANK) is S.PUBLISHED
    assert after(S.QUARANTINED, E.RELEASE) is S.PUBLISHED


@pytest.mark.parametrize("state", [S.REJECTED, S.WITHDRAWN, S.CHANGES_REQUESTED])
def test_nothing_leads_out_of_an_ended_release(state):
    assert all(after(state, event) is None for event in Event)


def test_every_pair_that_is_not_in_the_table_is_refused():
    pairs = set(itertools.product(ReleaseState, Event))
    assert {pair for pair in pairs if after(*pair) is not None} == set(TRANSITIONS)
    assert len(TRANSITIONS) < len(pairs) / 3


def test_only_a_published_release_is_offered_and_a_yanked_one_still_resolves():
    assert {S.PUBLISHED} == OFFERED
    assert {S.PUBLISHED, S.YANKED} == RESOLVABLE
