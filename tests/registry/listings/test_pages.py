"""The pages of the catalogue: home, browse, a listing, a release."""

import gzip
import re

import pytest

from registry.conveyance.counting import count_copies
from registry.review.models import Verdict
from tests import bundles
from tests.browser.content import HOSTILE, LONG, RIGHT_TO_LEFT
from tests.bundles import png
from tests.story import Story

KODI = "/listings/kodi/metadata.example.lantern"


@pytest.fixture
def story(given):
    return Story(given)


def test_an_empty_registry_says_what_to_do_first(visit):
    assert "Nothing is published yet" in visit().see("/")
    assert "0 plug-ins" in visit().see("/browse")


def test_home_shows_what_is_new_and_remembers_the_server(story, visit):
    story.published()
    story.published(bundles.jellyfin())
    somebody = visit()
    seen = somebody.see("/")
    assert "Lantern" in seen
    assert "Lamplight" in seen

    assert "Lamplight" not in somebody.see("/?for=kodi")
    again = somebody.get("/")
    assert "Lamplight" not in again.text
    assert '<input type="hidden" name="ecosystem" value="kodi">' in again.text
    assert '<input type="hidden" name="ecosystem" value="kodi">' in somebody.get("/connect").text
    assert "Lamplight" in somebody.see("/?for=")
    assert "Lamplight" in somebody.see("/?for=nothing-known")


def test_facets_narrow_the_list_and_count_what_each_would_leave(story, visit):
    story.published()
    story.published(bundles.kodi("script.harbor", name="Harbor", point="xbmc.python.script", license="MIT"))
    story.published(bundles.jellyfin())
    page = visit().get("/browse?ecosystem=kodi").text
    assert "2 plug-ins" in page
    counts = dict(re.findall(r'value="([^"]*)" form="search"[^>]*>[^<]*<span class="num">(\d+)', page))
    assert (counts["kodi"], counts["jellyfin"], counts["MIT"], counts["agent"]) == ("2", "1", "1", "1")
    assert "Harbor" not in visit().see("/browse?ecosystem=kodi&license=GPL-2.0-or-later")


def test_the_page_narrows_by_permission_and_keeps_every_choice_in_its_address(story, visit):
    story.published()
    page = visit().get("/browse?may=redistribute&may=modify").text
    assert re.search(r'name="may" id="may-modify" value="modify" form="search" checked', page)
    assert not re.search(r'value="commercial" form="search" checked', page)
    assert "1 plug-in" in page
    part = visit().get("/browse?may=redistribute&may=modify&q=", HX_Request="true")
    assert part.headers["HX-Replace-Url"] == "/browse?may=redistribute&may=modify"
    assert "is none of redistribute, modify, commercial" in visit().see("/browse?may=all", status=422)


def test_a_search_that_finds_nothing_says_so(story, visit):
    story.published()
    seen = visit().see("/browse?q=zzzzqqqq")
    assert "Nothing fits" in seen
    assert "Show everything" in seen


def test_a_facet_that_is_not_known_is_told_in_a_sentence(visit):
    assert "The kind is one of plugin, channel, agent, client." in visit().see(
        "/browse?kind=toaster", status=422
    )


def test_a_part_of_the_page_comes_for_the_script_alone_and_says_the_clean_address(story, visit):
    story.published()
    part = visit().get("/browse?q=&ecosystem=kodi&kind=", HX_Request="true")
    assert "<html" not in part.text
    assert "1 plug-in" in part.text
    assert part.headers["HX-Replace-Url"] == "/browse?ecosystem=kodi"
    assert "HX-Request" in part.headers["Vary"]


def test_most_installed_comes_first_when_asked_for(story, given, visit):
    story.published(bundles.jellyfin())
    story.published()
    order = r'class="tile-name[^>]*>([^<]+)<'
    assert re.findall(order, visit().get("/browse").text) == ["Lantern", "Lamplight"]
    page = visit().get("/listings/jellyfin/4a5b6c7d-1111-4222-8333-944455556666").text
    visit().get(re.search(r'href="(/api/v1/artifacts/[^"]+)"', page)[1])
    given.run(count_copies)
    assert re.findall(order, visit().get("/browse?sort=copies").text) == ["Lamplight", "Lantern"]


def test_a_listing_says_who_makes_it_and_how_to_install_it(story, visit):
    story.published(bundles.kodi(icon=png()))
    page = visit().get(KODI)
    assert "Third party: its maker’s privacy practices apply" in page.text
    assert "repository.marquee.marquee.test.zip" in page.text
    assert re.search(r'<img class="art-img" src="/pictures/[0-9a-f]{64}.png" alt="" width="132"', page.text)
    license_tab = visit().see(f"{KODI}?tab=license")
    assert "GPL-2.0-or-later in the bundle itself" in license_tab
    assert "metadata.example.lantern/LICENSE.txt" in license_tab
    assert "1.0.0" in visit().see(f"{KODI}?tab=versions")
    assert "tells nothing of what changed" in visit().see(f"{KODI}?tab=changes")
    assert "Overview" in visit().see(f"{KODI}?tab=no-such-tab")


def test_a_first_party_listing_says_that_the_operator_runs_it(given, visit):
    Story(given, "harbor", first_party=True).published()
    assert "First party: run by this registry" in visit().see(KODI)


def test_a_license_that_only_the_publisher_said_is_told_as_such(story, visit):
    story.published(bundles.jellyfin(), license="MIT")
    seen = visit().see("/listings/jellyfin/4a5b6c7d-1111-4222-8333-944455556666?tab=license")
    assert "MIT by its publisher" in seen


def test_a_listing_that_waits_is_seen_by_its_members_and_moderators_alone(story, given, visit):
    story.waiting()
    visit().get(KODI, status=404)
    visit(given.account()).get(KODI, status=404)
    assert "Waiting for review" in visit(story.developer).see(KODI)
    assert "Waiting for review" in visit(story.moderator).see(KODI)


def test_a_release_shows_its_bytes_its_files_and_its_findings(story, visit):
    story.published(bundles.kodi(more={"inner.zip": bundles.zipped({"a.txt": "a"})}))
    page = visit().get(f"{KODI}/1.0.0")
    assert "entry.nested" in page.text
    assert "metadata.example.lantern/main.py" in page.text
    assert re.search(r"sha256sum metadata.example.lantern-1.0.0.zip", page.text)
    visit().get(f"{KODI}/9.9.9", status=404)


def test_only_who_may_manage_it_can_yank_a_release(story, visit, given):
    release = story.published()
    address, act = f"{KODI}/1.0.0", f"/releases/{release.id}/yank"
    stranger = visit(given.account())
    assert "Yank this release" not in stranger.see(address)
    stranger.send(act, at="/accounts", status=403, reason="Because")

    developer = visit(story.developer)
    refused = developer.send(act, at=address, status=422, reason="   ")
    assert "Say why in 1 to 500 characters" in refused.text
    done = developer.send(act, at=address, reason="It loses settings")
    assert "It is yanked: new installs no longer get it." in developer.after(done)
    assert "It loses settings" in visit().see(address)
    assert "It is offered again." in developer.after(
        developer.send(act.replace("yank", "unyank"), at=address)
    )


def test_what_strangers_wrote_is_shown_and_never_run(story, visit):
    release = story.published(*reversed(HOSTILE.file()))
    assert release.content["name"] == HOSTILE.name
    for path in ("/", "/browse", "/listings/kodi/script.hostile", "/listings/kodi/script.hostile/1.0.0"):
        page = visit().get(path)
        assert "<script>alert(1)" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
        assert "<img src=x" not in page.text
    page = visit().get("/listings/kodi/script.hostile").text
    assert "onmouseover=" not in page.replace("&lt;b onmouseover=alert(3)&gt;", "")
    assert 'href="javascript:' not in page
    assert "t.example/p.png" in page
    assert '<img src="https://t.example' not in page


def test_long_words_and_other_directions_have_their_place(story, visit):
    story.published(*reversed(LONG.file()))
    story.published(*reversed(RIGHT_TO_LEFT.file()))
    page = visit().get("/browse").text
    assert f'dir="auto">{RIGHT_TO_LEFT.name}<' in page
    assert "Third Edition" in visit().see(f"/listings/kodi/{LONG.identifier}")


def test_a_quarantined_release_is_told_of_and_not_offered(story, visit):
    release = story.published()
    story.decided(release, Verdict.QUARANTINE, "security.malware", "It sends passwords away.")
    assert "Lantern" not in visit().see("/browse")
    assert "Download" not in visit().see(KODI)


def test_a_page_without_secrets_is_gzipped_and_one_with_them_is_not(story, given, visit):
    story.published()
    packed = visit().get("/", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert b"New and updated" in gzip.decompress(packed.data)
    assert "Cookie" in packed.headers["Vary"]
    assert "Content-Encoding" not in visit(given.account()).get("/", Accept_Encoding="gzip").headers
    assert "Content-Encoding" not in visit().get("/accounts/sign-in", Accept_Encoding="gzip").headers
