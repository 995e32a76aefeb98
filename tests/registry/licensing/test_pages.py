"""The pages of a license: what is asked of publishers, what moderators see and conclude."""

import re
from datetime import timedelta

import pytest

from licenses.spdx import text_of
from registry.accounts.models import Role
from registry.clock import now
from registry.database import session
from registry.licensing.models import LicenseState
from registry.licensing.recording import record_in_force
from registry.licensing.service import give_grant
from registry.licensing.submission import current_terms
from registry.publishers.models import MemberRole
from registry.releases.models import Release
from registry.releases.publishing import publish_release
from registry.review.models import Verdict
from tests import bundles
from tests.story import Story
from tests.visiting import fault_beside, value_of

LISTING = "/listings/kodi/metadata.example.lantern"
PLEX = "/listings/plex/com.plexapp.agents.lantern"
MIT = text_of("MIT") or ""
ALTERED = MIT.replace("without restriction", "for personal use only").replace("sublicense, ", "")


@pytest.fixture
def story(given) -> Story:
    return Story(given)


@pytest.fixture
def developer(story, visit):
    return visit(story.developer)


@pytest.fixture
def moderator(story, visit):
    return visit(story.moderator)


def kodi(license: str = "MIT", text: str | None = MIT, **more):  # noqa: A002 - the word of the format
    return bundles.kodi(license=license, more={"LICENSE.txt": text} if text else {}, **more)


def in_force(story, release):
    return story.given.run(lambda: record_in_force(session(), session().get_one(Release, release.id)))


# What publishers are asked


def test_nothing_is_asked_where_maker_and_files_agree(story, developer):
    upload = story.ingested(kodi())
    seen = developer.see(f"/uploads/{upload.id}")
    assert "What its evidence leaves open" not in seen
    assert "Its license: MIT." in seen


def test_what_no_file_and_no_metadata_says_is_asked_at_upload(story, developer, visit):
    upload = story.ingested(bundles.plex(license=None), said={"version": "1.0"})
    address = f"/uploads/{upload.id}"
    page = developer.get(address)
    assert "Which license does it have?" in page.text
    assert '<option value="GPL-3.0-or-later">' in page.text
    assert "Say its license" in developer.see("/mine")
    assert "Which license does it have?" not in visit(story.moderator).see(address)

    said = f"/releases/{upload.release_id}/license/declare"
    refused = developer.send(said, at=address, status=422, license="<script>alert(1)</script>", next=address)
    assert fault_beside(refused, "license").startswith("Markup is no license")
    assert value_of(refused, "license") == "<script>alert(1)</script>"
    answer = developer.send(said, at=address, license="MIT", next=address)
    assert answer.location == address
    assert "You said MIT" in developer.after(answer)
    release = story.given.found(Release, upload.release_id)
    row = in_force(story, release)
    assert (row.declared_text, row.declared_by, row.suggested) == ("MIT", story.developer.id, "MIT")


def test_the_files_are_shown_beside_the_question_and_fill_the_field(story, developer):
    upload = story.ingested(bundles.jellyfin(), "lamplight.zip")
    page = developer.get(f"/uploads/{upload.id}")
    assert value_of(page, "license") == "MIT"
    assert "Only the files say it" in page.text
    assert f"/releases/{upload.release_id}/license/text?file=LICENSE" in page.text


def test_a_grant_is_given_under_terms_that_are_shown_and_can_be_revoked(story, developer):
    upload = story.ingested(bundles.plex(license=None), said={"version": "1.0"})
    address, act = f"/uploads/{upload.id}", f"/releases/{upload.release_id}/license"
    page = developer.get(address)
    assert "Whoever receives a copy may use it." in page.text
    digest = re.search(r'name="terms_digest" value="([0-9a-f]{64})"', page.text)[1]
    refused = developer.send(f"{act}/grant", at=address, status=422, terms_digest=digest)
    assert "Say that you have read the terms" in refused.text
    refused = developer.send(f"{act}/grant", at=address, status=422, terms_digest="0" * 64, agreed="yes")
    assert "are unknown here" in refused.text
    done = developer.send(f"{act}/grant", at=address, terms_digest=digest, agreed="yes", next=address)
    assert "Granted." in developer.after(done)
    release = story.given.found(Release, upload.release_id)
    assert in_force(story, release).basis == "grant"
    assert "license.undecided" not in release.reasons

    assert "Revoke the grant" in developer.see(act)
    developer.send(f"{act}/revoke", at=act)
    assert in_force(story, release).basis == "none"


def test_a_copyleft_binary_is_asked_for_its_source(story, developer):
    files = {"lib/native.so": b"\x7fELF" + bytes(60), "LICENSE.txt": text_of("GPL-3.0-only")}
    upload = story.ingested(bundles.kodi(license="GPL-3.0-only", more=files))
    address, act = f"/uploads/{upload.id}", f"/releases/{upload.release_id}/license/offer"
    assert "Where is its source code?" in developer.see(address)
    soon = (now() + timedelta(days=30)).date().isoformat()
    refused = developer.send(act, at=address, status=422, address="https://src.example.org", until=soon)
    assert "at least three years" in fault_beside(refused, "until")
    refused = developer.send(act, at=address, status=422, address="gopher:x", until="2040-01-01")
    assert "Give the address of the source" in fault_beside(refused, "address")
    developer.send(act, at=address, address="https://src.example.org/1.0.0", until="2040-01-01", next=address)
    assert "Where is its source code?" not in developer.see(address)


def test_only_its_publisher_says_anything_of_a_release(story, visit, given):
    upload = story.ingested(bundles.plex(license=None), said={"version": "1.0"})
    stranger = visit(given.account())
    act = f"/releases/{upload.release_id}/license/declare"
    stranger.send(act, at="/accounts", status=404, license="MIT")
    stranger.get(f"/releases/{upload.release_id}/license", status=404)


def test_nobody_is_led_elsewhere_by_a_form(story, developer):
    upload = story.ingested(bundles.plex(license=None), said={"version": "1.0"})
    act = f"/releases/{upload.release_id}/license/declare"
    answer = developer.send(act, at=f"/uploads/{upload.id}", license="MIT", next="//evil.example/")
    assert answer.location == f"/releases/{upload.release_id}/license"


# The moderators' desk


def test_the_desk_is_for_moderators(story, developer, visit):
    release = story.waiting(kodi())
    developer.get(f"/review/{release.id}/license", status=403)
    visit().get(f"/review/{release.id}/license", status=302)


def test_altered_words_are_marked_beside_the_template(story, moderator):
    release = story.waiting(kodi(text=ALTERED))
    page = moderator.get(f"/review/{release.id}/license").text
    assert re.search(r'<mark class="altered">[^<]*for personal use only[^<]*</mark>', page)
    assert "MIT as SPDX lists it" in page
    assert '<mark class="missing">sublicense</mark>' in page
    assert '<mark class="gap"' in page
    assert "A text in it is altered." in moderator.see(f"/review/{release.id}/license")
    assert "LicenseRef-MIT-changed-" in value_of(moderator.get(f"/review/{release.id}/license"), "expression")
    assert value_of(moderator.get(f"/review/{release.id}"), "license") == ""


def test_what_a_stranger_wrote_into_a_license_is_never_markup(story, moderator):
    release = story.waiting(kodi(text=MIT + "\nYou must not <script>alert(1)</script> sell it.\n"))
    page = moderator.get(f"/review/{release.id}/license").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_a_suggestion_is_concluded_with_one_key(story, moderator):
    release = story.waiting(bundles.jellyfin(), "lamplight.zip")
    address = f"/review/{release.id}/license"
    page = moderator.get(address)
    assert value_of(page, "expression") == "MIT"
    assert 'value="conclude" data-key="c"' in page.text
    done = moderator.send(address, act="conclude", expression="MIT")
    assert "Concluded: MIT. Why copies go out: its license." in moderator.after(done)
    row = in_force(story, release)
    assert (row.state, row.expression) == (LicenseState.CONCLUDED, "MIT")
    assert "only the files say it" in row.note


def test_a_name_of_its_own_asks_what_it_allows(story, moderator):
    release = story.waiting(kodi(text=ALTERED))
    address = f"/review/{release.id}/license"
    refused = moderator.send(address, status=422, act="conclude", expression="LicenseRef-Lantern-Home")
    assert "Say what LicenseRef-Lantern-Home allows" in refused.text
    assert 'name="facet.LicenseRef-Lantern-Home.use"' in refused.text
    name = "LicenseRef-Lantern-Home"
    fields = {f"facet.{name}.{word}": "conditional" for word in ("use", "copy", "redistribute")}
    moderator.send(
        address, act="conclude", expression=name, reference=name, note="Read it whole.",
        **fields, **{f"facet.{name}.modify": "no", f"condition.{name}": "no_commercial"},
    )  # fmt: skip
    row = in_force(story, release)
    assert row.refs[name]["facets"]["modify"] == "no"
    assert row.refs[name]["conditions"] == ["no_commercial"]
    assert row.basis == "license"


def test_an_expression_that_is_none_is_told_beside_its_field(story, moderator):
    release = story.waiting(bundles.jellyfin(), "lamplight.zip")
    refused = moderator.send(
        f"/review/{release.id}/license", status=422, act="conclude", expression="MIT AND AND"
    )
    assert fault_beside(refused, "expression")
    assert value_of(refused, "expression") == "MIT AND AND"


def test_an_expression_without_end_is_refused_at_once(story, moderator):
    release = story.waiting(bundles.jellyfin(), "lamplight.zip")
    for endless in (" AND ".join(["MIT"] * 2000), "(" * 100 + "MIT" + ")" * 100):
        refused = moderator.send(
            f"/review/{release.id}/license", status=422, act="conclude", expression=endless
        )
        assert fault_beside(refused, "expression")


def test_nobody_concludes_the_license_of_their_own_release(given, visit):
    story = Story(given)
    both = given.account(role=Role.MODERATOR)
    given.publisher(both, slug="mine")
    release = story.waiting(bundles.jellyfin(), "lamplight.zip")
    given.member(story.publisher, MemberRole.OWNER, both)
    address = f"/review/{release.id}/license"
    somebody = visit(both)
    assert "Another moderator concludes its license." in somebody.see(address)
    somebody.send(address, at="/accounts", status=403, act="conclude", expression="MIT")


def test_what_was_concluded_once_is_concluded_again_where_nothing_changed(story, moderator):
    first = story.waiting(bundles.jellyfin(), "lamplight.zip")
    moderator.send(
        f"/review/{first.id}/license", act="conclude", expression="MIT OR 0BSD", note="They say so."
    )
    story.decided(first, Verdict.APPROVE, "review.approved")
    story.given.run(publish_release, str(first.id))
    second = story.waiting(bundles.jellyfin(version="1.3.0.0"), "lamplight.zip")
    address = f"/review/{second.id}/license"
    assert "Same as in 1.2.0.0: MIT OR 0BSD" in moderator.see(address)
    moderator.send(address, act="last")
    row = in_force(story, second)
    assert (row.expression, row.note) == ("MIT OR 0BSD", "Same as in 1.2.0.0: nothing changed.")


def test_an_approval_concludes_again_what_was_concluded_where_nothing_changed(story, moderator):
    first = story.waiting(kodi(text=ALTERED))
    name = "LicenseRef-Lantern-Home"
    fields = {f"facet.{name}.{word}": "yes" for word in ("use", "copy", "redistribute", "modify")}
    address = f"/review/{first.id}/license"
    moderator.send(address, status=422, act="conclude", expression=name)
    moderator.send(address, act="conclude", expression=name, reference=name, **fields)
    story.decided(first, Verdict.APPROVE, "review.approved")
    story.given.run(publish_release, str(first.id))
    second = story.waiting(kodi(text=ALTERED, version="1.1.0"))
    address = f"/review/{second.id}"
    assert "it is concluded again as LicenseRef-Lantern-Home" in moderator.see(address)
    moderator.send(address, decision="approve")
    row = in_force(story, second)
    assert (row.expression, row.basis) == (name, "license")
    assert row.refs[name]["facets"]["modify"] == "yes"


def test_a_grant_is_for_one_release_and_is_not_carried_on(story, moderator):
    first = story.waiting(bundles.plex(license=None), version="1.0")
    by = story.given.actor(story.developer)
    story.given.run(give_grant, first.id, terms_digest=current_terms().sha256, by=by)
    story.decided(story.given.found(Release, first.id), Verdict.APPROVE, "review.approved")
    story.given.run(publish_release, str(first.id))
    second = story.waiting(bundles.plex(license=None), version="1.1")
    refused = moderator.send(f"/review/{second.id}", status=409, decision="approve")
    assert "Its license is not decided" in fault_beside(refused, "license")


def test_a_change_of_license_is_shown_side_by_side_and_classed(story, moderator):
    story.published(kodi())
    update = story.waiting(
        bundles.kodi(version="2.0.0", license="GPL-3.0-only", more={"LICENSE.txt": text_of("GPL-3.0-only")})
    )
    assert "license.changed" in update.reasons
    seen = moderator.see(f"/review/{update.id}/license")
    assert "Beside 1.0.0" in seen
    assert "Narrower. The new terms allow less, or ask for more, than those before." in seen
    assert "changed versions stay under the same license" in seen
    assert "LICENSE.txt in 1.0.0" in seen
    assert "LICENSE.txt in 2.0.0" in seen
    refused = moderator.send(f"/review/{update.id}/license", status=422, act="last")
    assert "differ from last time" in refused.text


def test_bundled_parts_and_what_speaks_against_them_are_shown_with_their_credit(story, moderator):
    files = {"LICENSE.txt": text_of("Apache-2.0"), "vendor/old/LICENSE": text_of("GPL-2.0-only")}
    release = story.waiting(bundles.kodi(license="Apache-2.0", more=files))
    seen = moderator.see(f"/review/{release.id}/license")
    assert "vendor/old/" in seen
    assert "OSADL finds that a part under GPL-2.0-only" in seen
    assert "OSADL license compatibility matrix" in seen


def test_an_approval_takes_the_conclusion_along(story, moderator):
    release = story.waiting(bundles.jellyfin(), "lamplight.zip")
    address = f"/review/{release.id}"
    page = moderator.get(address)
    assert value_of(page, "license") == "MIT"
    moderator.send(address, decision="approve", license="0BSD")
    assert in_force(story, release).expression == "0BSD"


def test_an_approval_without_a_license_says_what_is_missing(story, moderator):
    release = story.waiting(bundles.plex(license=None), version="1.0")
    address = f"/review/{release.id}"
    refused = moderator.send(address, status=409, decision="approve")
    assert "Its license is not decided" in fault_beside(refused, "license")
    refused = moderator.send(address, status=422, decision="approve", license="no such ( thing")
    assert fault_beside(refused, "license")
