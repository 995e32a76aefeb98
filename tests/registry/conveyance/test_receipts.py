"""What goes with a copy: the receipt, the notices as text and page, the documents for machines."""

import base64
import hashlib
import json
import re

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from licenses.spdx import text_of
from registry.acknowledgements.models import How, Subject
from registry.acknowledgements.service import acknowledge
from registry.licensing.service import conclude_license, give_grant
from registry.licensing.submission import current_terms
from registry.releases.models import Release
from registry.releases.publishing import publish_release
from registry.releases.reading import artifacts_of
from registry.review.models import Verdict
from tests import bundles
from tests.asking import code_of
from tests.story import Story

MIT = text_of("MIT").replace("<year> <copyright holders>", "2024 Ada Example")
FILES = {
    "LICENSE.txt": MIT, "NOTICE": "Lantern\nCopyright 2024 Grace Example\n",
    "lib/foo/LICENSE": text_of("BSD-3-Clause"), "lib/foo/foo.py": "x = 1\n",
}  # fmt: skip


@pytest.fixture
def story(given):
    return Story(given, first_party=True)


def published(story, given, bundle: bytes, expression: str | None = None, **said: str) -> Release:
    """A published release; a moderator concludes ``expression`` where one is given."""
    release = story.waiting(bundle, **said)
    if expression:
        moderator = given.actor(story.moderator)
        given.run(conclude_license, release.id, expression, note="Read it.", by=moderator)
    story.decided(release, Verdict.APPROVE, "review.approved")
    given.run(publish_release, str(release.id))
    return given.found(Release, release.id)


def address(given, release: Release) -> str:
    [artifact] = given.run(lambda: artifacts_of([release.id]))[release.id]
    return f"/api/v1/artifacts/{artifact.sha256}"


@pytest.fixture
def release(given, story):
    bundle = bundles.kodi(license="MIT", more=FILES)
    return published(story, given, bundle, "MIT AND BSD-3-Clause", changes="The icon is new.")


def test_a_download_names_its_receipt_and_what_it_is_licensed_under(client, given, release):
    answer = client.get(address(given, release))
    copy = answer.headers["Marquee-Copy"]
    assert answer.headers.getlist("Link") == [
        f'<http://marquee.test/api/v1/copies/{copy}/notices>; rel="license"',
        f'<http://marquee.test/api/v1/copies/{copy}>; rel="describedby"',
    ]


def test_the_receipt_says_the_four_permissions_their_conditions_and_where_the_rest_is(client, given, release):
    copy = client.get(address(given, release)).headers["Marquee-Copy"]
    receipt = client.get(f"/api/v1/copies/{copy}").json
    assert (receipt["license"], receipt["basis"]) == ("MIT AND BSD-3-Clause", "license")
    assert len(receipt["terms"]) == 64
    permissions = receipt["permissions"]
    assert {word: one["allowed"] for word, one in permissions.items()} == dict.fromkeys(
        ("use", "copy", "redistribute", "modify"), "yes"
    )
    assert permissions["redistribute"]["conditions"] == [
        "include_copyright", "include_license", "no_endorsement",
    ]  # fmt: skip
    for link in ("receipt", "page", "notices", "license", "spdx", "cyclonedx"):
        assert client.get(receipt["links"][link]).status_code == 200, link


def test_the_notices_hold_texts_copyright_lines_notice_files_and_changes(client, given, release):
    copy = client.get(address(given, release)).headers["Marquee-Copy"]
    for answer in (
        client.get(f"/api/v1/copies/{copy}/notices"),
        client.get(f"/api/v1/releases/{release.id}/notices"),
    ):
        assert answer.content_type == "text/plain; charset=utf-8"
        for part in ("Permission is hereby granted", "Copyright (c) 2024 Ada Example", "Grace Example",
                     "Redistributions in binary form", "The icon is new.", "MIT AND BSD-3-Clause"):  # fmt: skip
            assert part in answer.text
        digest = base64.b64encode(hashlib.sha256(answer.data).digest()).decode()
        assert answer.headers["Content-Digest"] == f"sha-256=:{digest}:"


def test_a_copy_keeps_the_terms_that_it_was_made_under(client, given, story, release):
    before = client.get(address(given, release)).headers["Marquee-Copy"]
    old = client.get(f"/api/v1/copies/{before}/notices").text
    moderator = given.actor(story.moderator)
    given.run(conclude_license, release.id, "CC-BY-NC-4.0", note="Its readme.", by=moderator)
    assert code_of(client.get(address(given, release))) == "terms.acceptance"
    receipt = client.get(f"/api/v1/copies/{before}").json
    assert receipt["license"] == "MIT AND BSD-3-Clause"
    assert receipt["permissions"]["redistribute"]["allowed"] == "yes"
    assert client.get(f"/api/v1/copies/{before}/notices").text == old
    assert "NonCommercial" in client.get(f"/api/v1/releases/{release.id}/notices").text


def test_a_correction_makes_the_next_request_of_the_same_client_a_copy_of_its_own(
    client, given, story, release
):
    first = client.get(address(given, release)).headers["Marquee-Copy"]
    again = client.get(address(given, release)).headers["Marquee-Copy"]
    moderator = given.actor(story.moderator)
    given.run(conclude_license, release.id, "MIT AND BSD-3-Clause AND ISC", note="Read again.", by=moderator)
    after = client.get(f"{address(given, release)}?copy={first}").headers["Marquee-Copy"]
    assert again == first != after
    licenses = [client.get(f"/api/v1/copies/{copy}").json["license"] for copy in (first, after)]
    assert licenses == ["MIT AND BSD-3-Clause", "MIT AND BSD-3-Clause AND ISC"]


def test_who_must_agree_can_read_what_to_first_and_the_receipt_says_that_they_did(client, given, story):
    bundle = bundles.kodi(license="CC-BY-NC-4.0", more={"LICENSE.txt": text_of("CC-BY-NC-4.0")})
    release = published(story, given, bundle, "CC-BY-NC-4.0")
    reader = given.account()
    bearing = client.bearing(given.token(reader))
    assert client.get(f"/api/v1/releases/{release.id}/notices").status_code == 200
    refused = bearing.get(address(given, release))
    assert code_of(refused) == "terms.acceptance"
    agree = {"how": How.API, "by": given.actor(reader)}
    given.run(acknowledge, Subject.TERMS, refused.json["terms"], **agree)
    copy = bearing.get(address(given, release)).headers["Marquee-Copy"]
    receipt = client.get(f"/api/v1/copies/{copy}").json
    [told] = receipt["acknowledgements"]
    assert (told["subject"], told["digest"], told["how"]) == ("terms", receipt["terms"], "api")
    assert receipt["permissions"]["modify"]["allowed"] == "conditional"


def test_a_grant_lets_its_recipient_use_it_and_the_submission_terms_go_along(client, given, story):
    release = story.waiting(bundles.plex(license=None), version="1.0")
    developer = given.actor(story.developer)
    given.run(give_grant, release.id, terms_digest=current_terms().sha256, by=developer)
    story.decided(release, Verdict.APPROVE, "review.approved")
    given.run(publish_release, str(release.id))
    copy = client.get(address(given, release)).headers["Marquee-Copy"]
    receipt = client.get(f"/api/v1/copies/{copy}").json
    assert {word: one["allowed"] for word, one in receipt["permissions"].items()} == {
        "use": "yes", "copy": "yes", "redistribute": "no", "modify": "no",
    }  # fmt: skip
    assert current_terms().text.strip() in client.get(f"/api/v1/copies/{copy}/notices").text


def test_what_may_not_be_had_is_not_given_away_by_its_notices(client, given, story):
    altered = MIT + "\nThis software may not be used for commercial purposes.\n"
    waiting = story.waiting(bundles.kodi(license="MIT", more={"LICENSE.txt": altered}))
    assert client.get(f"/api/v1/releases/{waiting.id}/notices").status_code == 404
    assert client.get(f"/api/v1/releases/{waiting.id}/sbom.spdx.json").status_code == 404


def test_a_legal_demand_takes_the_texts_and_documents_too(client, given, story, visit, release):
    story.decided(release, Verdict.WITHDRAW, "legal.demand")
    path = "metadata.example.lantern/LICENSE.txt"
    ways = (
        f"/api/v1/releases/{release.id}/sbom.spdx.json", f"/api/v1/releases/{release.id}/sbom.cdx.json",
        f"/releases/{release.id}/license/text?file={path}",
    )  # fmt: skip
    assert [client.get(way).status_code for way in ways] == [451] * 3
    moderator = visit(story.moderator)
    assert [moderator.get(way).status_code for way in ways] == [200] * 3


@pytest.mark.parametrize("reason", ["legal.demand", "security.risk"])
def test_after_a_withdrawal_copies_keep_their_notices_unless_the_law_took_them(
    client, given, story, release, reason
):
    copy = client.get(address(given, release)).headers["Marquee-Copy"]
    story.decided(release, Verdict.WITHDRAW, reason)
    kept, of_release = (
        client.get(f"/api/v1/copies/{copy}/notices"), client.get(f"/api/v1/releases/{release.id}/notices"),
    )  # fmt: skip
    legal = reason == "legal.demand"
    assert (kept.status_code, of_release.status_code) == ((451, 451) if legal else (200, 410))
    assert client.get(f"/api/v1/copies/{copy}").json["state_now"] == "withdrawn"
    page = client.get(f"/copies/{copy}")
    assert page.status_code == 200
    assert ("Permission is hereby granted" in page.text) is not legal
    if legal:
        assert 'rel="blocked-by"' in kept.headers["Link"]


def test_the_page_shows_the_same_and_escapes_what_strangers_wrote(client, given, story):
    bundle = bundles.kodi(license="MIT", more={"LICENSE.txt": MIT, "NOTICE": "<script>alert(1)</script>\n"})
    release = published(story, given, bundle, "MIT")
    copy = client.get(address(given, release)).headers["Marquee-Copy"]
    page = client.get(f"/copies/{copy}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert "Permission is hereby granted" in page


def test_the_page_tells_the_four_words_as_the_listing_does(client, given, release):
    copy = client.get(address(given, release)).headers["Marquee-Copy"]
    page = " ".join(re.sub(r"<[^>]+>", " ", client.get(f"/copies/{copy}").text).split())
    assert "Use: yes." in page
    assert "Share: on conditions." in page
    assert "its license text goes with every copy" in page


def test_an_unknown_copy_is_404_on_every_way(client):
    for path in ("/api/v1/copies/{}", "/api/v1/copies/{}/notices", "/copies/{}"):
        assert client.get(path.format("00000000-0000-0000-0000-000000000000")).status_code == 404


def test_the_spdx_document_is_valid_and_says_the_conclusion(client, release):
    answer = client.get(f"/api/v1/releases/{release.id}/sbom.spdx.json")
    document = json.loads(answer.text)
    assert validate_full_spdx_document(JsonLikeDictParser().parse(document)) == []
    package = document["packages"][0]
    assert (package["licenseConcluded"], package["licenseDeclared"]) == ("MIT AND BSD-3-Clause", "MIT")
    assert {one["name"] for one in document["packages"][1:]} == {"lib/foo"}


def test_the_cyclonedx_document_is_valid_and_says_the_conclusion(client, release):
    text = client.get(f"/api/v1/releases/{release.id}/sbom.cdx.json").text
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert json.loads(text)["metadata"]["component"]["licenses"][0]["expression"] == "MIT AND BSD-3-Clause"


def test_a_reference_in_a_document_has_the_bundles_own_text(client, given, story):
    own = "You may use this on Tuesdays.\n"
    bundle = bundles.kodi(license="My own license", more={"LICENSE.txt": own})
    release = story.waiting(bundle)
    facets = dict.fromkeys(("use", "copy", "redistribute", "modify"), "yes")
    given.run(
        conclude_license, release.id, "LicenseRef-Tuesdays", note="Read it.",
        refs={"LicenseRef-Tuesdays": {"facets": facets, "conditions": []}}, by=given.actor(story.moderator),
    )  # fmt: skip
    story.decided(release, Verdict.APPROVE, "review.approved")
    given.run(publish_release, str(release.id))
    document = client.get(f"/api/v1/releases/{release.id}/sbom.spdx.json").json
    [reference] = document["hasExtractedLicensingInfos"]
    assert (reference["licenseId"], reference["extractedText"].strip()) == (
        "LicenseRef-Tuesdays",
        own.strip(),
    )
    assert own.strip() in client.get(f"/api/v1/releases/{release.id}/notices").text
