"""The column of mirrors in the decision table, row by row, with real bytes by every way that a mirror has."""

import pytest

from tests.registry.licensing.test_decision_table import ROWS, answer, artifact_of
from tests.story import Story

YES, NEVER_HEARD_OF = "200", "404 not_found"
MIRRORS = {
    "a license that allows copies": YES,
    "verbatim copies only": YES,
    "no commercial use": NEVER_HEARD_OF,
    "not for commercial use, and changed only for that": NEVER_HEARD_OF,
    "a field of use": NEVER_HEARD_OF,
    "a field of use that ends one day": NEVER_HEARD_OF,
    "an agreement that is accepted first": NEVER_HEARD_OF,
    "no license and a grant": NEVER_HEARD_OF,
    "no license and no grant": NEVER_HEARD_OF,
    "a grant that was revoked": NEVER_HEARD_OF,
    "a copyleft binary without its source": NEVER_HEARD_OF,
    "a copyleft binary with a written offer": YES,
    "a copyleft binary with its source": YES,
    "the source of a copyleft binary": YES,
    "the source of what is accepted first": NEVER_HEARD_OF,
    "the source of what nobody may pass on": NEVER_HEARD_OF,
    "removed after a legal demand": "451 terms.legal_removal",
    "the source of what was removed after a legal demand": "451 terms.legal_removal",
    "undecided and waiting": NEVER_HEARD_OF,
}


@pytest.fixture
def story(given) -> Story:
    return Story(given, first_party=True)


def test_every_row_has_its_answer():
    assert set(MIRRORS) == {row.name for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_row_for_mirrors(row, story, given, client):
    release = row.build(story)
    artifact = artifact_of(given, release, row.role)
    expected = MIRRORS[row.name]
    address = f"/api/v1/mirror/artifacts/{artifact.sha256}"
    # Who asks changes nothing: a moderator's token opens no mirror.
    for asker in (client, client.bearing(given.token(story.moderator))):
        whole, part = asker.get(address), asker.get(address, headers={"Range": "bytes=0-3"})
        assert (answer(whole), answer(part)) == (expected, expected)
        assert (len(whole.data) == artifact.size_bytes, part.data == b"PK\x03\x04") == (
            (expected == YES,) * 2
        )
        head = asker.head(address)
        assert (head.status_code, head.data) == (int(expected[:3]), b"")
    told = client.get("/api/v1/mirror").json["changes"]
    if expected == NEVER_HEARD_OF:
        assert told == []
    else:
        assert [one["change"] for one in told] == ["offered" if expected == YES else "removed"]
        assert (artifact.sha256 in str(told)) is (expected == YES)
