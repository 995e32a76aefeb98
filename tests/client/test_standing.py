"""``marquee status``: where uploads and releases stand."""

import pytest

from registry.review.models import Verdict
from registry.review.service import decide_review
from tests import bundles

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def published(publishing, tmp_path):
    """The outcome of a publication, as scripts get it."""

    def publish(body, name, *words):
        path = tmp_path / name
        path.write_bytes(body)
        return publishing("publish", path, "--json", *words).lines[0]

    return publish


def test_nothing_uploaded_is_said(publishing):
    assert publishing("status").out.strip() == "Nothing was uploaded yet."


def test_the_newest_uploads_are_listed_with_what_became_of_them(publishing, published):
    waiting = published(bundles.kodi(), "kodi.zip")
    asking = published(bundles.plex(), "plex.zip")
    ran = publishing("status")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"{asking['upload']}  received, asks for version  plex.zip",
        f"{waiting['upload']}  waiting  metadata.example.lantern 1.0.0",
    ]
    lines = publishing("status", "--json").lines
    assert [(line["id"], line["release_state"]) for line in lines] == [
        (asking["upload"], None),
        (waiting["upload"], "waiting"),
    ]


def test_an_upload_is_shown_with_its_steps_and_what_it_asks(publishing, published):
    asking = published(bundles.plex(), "plex.zip")
    ran = publishing("status", asking["upload"])
    assert ran.code == 1
    assert "  read: done" in ran.out
    assert "[said.version]" in ran.out
    assert "--version …" in ran.out


def test_a_release_is_shown_with_the_moderator_s_note(publishing, published, given):
    waiting = published(bundles.kodi(), "kodi.zip")
    assert publishing("status", waiting["release"]).code == 0
    actor = given.actor(given.moderator())
    no = {"verdict": Verdict.REJECT, "reason": "other", "note": "It is empty."}
    given.run(decide_review, waiting["release"], **no, by=actor)
    for name in (waiting["release"], waiting["upload"]):
        ran = publishing("status", name)
        assert ran.code == 1
        assert "rejected" in ran.out
        assert "note: It is empty." in ran.out
    assert publishing("status", waiting["release"], "--json").lines[0]["state"] == "rejected"


def test_what_is_unknown_or_no_id_is_told(publishing):
    assert publishing("status", UNKNOWN).code == 1
    assert publishing("status", "lantern").code == 2
