"""One file of a release, opened by page and by API: who may, what is shown, and what cannot be."""

import hashlib
import re

import pytest

from registry.accounts.models import Role
from registry.publishers.models import MemberRole
from registry.review import files as service
from registry.review.models import Verdict
from registry.storing import store
from tests import bundles
from tests.asking import code_of
from tests.registry.privacy.known import tracking
from tests.story import Story
from tests.visiting import words_of

TOP = "metadata.example.lantern"
CODE = "import requests\n\n\ndef find(title):\n    return requests.get(URL + title)\n"
METAINFO = b"""<?xml version="1.0" encoding="UTF-8"?>
<component type="desktop-application">
  <id>org.example.Player</id>
  <name>Player</name>
  <summary>Plays films</summary>
  <metadata_license>MIT</metadata_license>
  <project_license>MIT</project_license>
  <releases><release version="1.0" date="2026-01-02"/></releases>
</component>
"""


@pytest.fixture
def story(given):
    return Story(given)


@pytest.fixture
def moderator(story, visit):
    return visit(story.moderator)


@pytest.fixture
def asked(story, client, given):
    """``asked(release, path, **query)``: the API's answer to the moderator."""
    mine = client.bearing(given.token(story.moderator))

    def ask(release, path, **query):
        return mine.get(f"/api/v1/releases/{release.id}/files/{path}", query_string=query)

    return ask


def at(release, path, query=""):
    return f"/releases/{release.id}/files/{path}{query}"


def waiting(story, **more):
    return story.waiting(
        bundles.kodi(more={path.replace("__", "/") + ".py": text for path, text in more.items()})
    )


# Looking at a file


def test_a_file_of_a_waiting_release_is_shown_with_its_lines_numbered(story, moderator):
    release = waiting(story, find=CODE)
    page = moderator.get(at(release, f"{TOP}/find.py"))
    assert re.search(
        r'id="L4"><a class="number" href="#L4"[^>]*>4</a><code>def find\(title\):</code>', page.text
    )
    assert "5 lines" in moderator.see(at(release, f"{TOP}/find.py"))


def test_the_line_that_the_address_names_is_marked(story, moderator):
    release = waiting(story, find=CODE)
    page = moderator.get(at(release, f"{TOP}/find.py", "?line=4")).text
    assert re.findall(r'<div class="line marked" id="(\w+)">', page) == ["L4"]


def test_a_line_that_is_typed_is_led_to(story, moderator):
    release = waiting(story, find=CODE)
    path = at(release, f"{TOP}/find.py")
    assert moderator.get(f"{path}?go=4", status=302).location == f"{path}?line=4#L4"
    for odd in ("0", "-1", "x", "²", "9" * 5000):
        moderator.get(f"{path}?go={odd}&line={odd}")
    assert "The file has no line 70." in moderator.see(f"{path}?line=70")


def test_a_line_far_behind_is_on_a_part_of_its_own(story, moderator):
    release = waiting(story, long="".join(f"a{number} = 1\n" for number in range(1, 6001)))
    path = at(release, f"{TOP}/long.py")
    first = moderator.see(path)
    assert "Lines 1 to 5,000" in first
    assert "Go on at line 5,001" in first
    later = moderator.get(f"{path}?line=5500")
    assert 'class="line marked" id="L5500"' in later.text
    assert 'id="L5480"' in later.text
    assert 'id="L1"' not in later.text


def test_what_strangers_wrote_is_text_and_nothing_else(story, moderator):
    release = waiting(story, odd="<script>alert(1)</script> {{ 7 * 7 }} & 'x'\n")
    page = moderator.get(at(release, f"{TOP}/odd.py"))
    assert "<code>&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }} &amp; &#39;x&#39;</code>" in page.text
    assert "script-src 'nonce-" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_bidirectional_and_invisible_characters_are_shown_by_number_and_name(story, moderator):
    release = waiting(story, odd="a = 1\nif role != 'user\u202e\u2066': # admin\u200b\n")
    page = moderator.get(at(release, f"{TOP}/odd.py"))
    assert not {"\u202e", "\u2066", "\u200b"} & set(page.text)
    assert '<mark class="unseen" title="RIGHT-TO-LEFT OVERRIDE">U+202E</mark>' in page.text
    words = moderator.see(at(release, f"{TOP}/odd.py"))
    assert "Characters that nobody sees, on line 2 : U+202E right-to-left override; U+2066" in words


def test_a_file_that_is_not_text_is_told_with_its_size_and_digest(story, moderator, asked):
    release = story.waiting(bundles.kodi(icon=bundles.png()))
    page = moderator.see(at(release, f"{TOP}/icon.png"))
    assert "It is not text." in page
    answer = asked(release, f"{TOP}/icon.png").json
    assert (answer["part"], answer["note"]) == (None, "It is not text.")
    assert answer["file"]["sha256"] in page


def test_a_file_that_was_sent_alone_is_shown(story, moderator):
    release = story.waiting(METAINFO, "org.example.Player.metainfo.xml")
    assert "<summary>Plays films</summary>" in moderator.see(at(release, "org.example.Player.metainfo.xml"))


def test_an_empty_file_and_one_in_utf_16_are_shown(story, asked):
    release = story.waiting(bundles.kodi(more={"none.py": "", "wide.py": "x = 'ö'\n".encode("utf-16")}))
    assert asked(release, f"{TOP}/none.py").json["part"]["lines"] == []
    assert asked(release, f"{TOP}/wide.py").json["part"]["lines"] == ["x = 'ö'"]


def test_a_file_is_shown_in_every_state_of_its_release(story, moderator, asked):
    release = story.published()
    assert asked(release, f"{TOP}/main.py").json["part"]["lines"] == ["print('Lantern')"]
    story.decided(release, Verdict.QUARANTINE)
    assert asked(release, f"{TOP}/main.py").json["part"]["lines"] == ["print('Lantern')"]
    turned_away = story.waiting(bundles.kodi(version="2.0.0"))
    story.decided(turned_away, Verdict.REJECT)
    assert "print(" in moderator.see(at(turned_away, f"{TOP}/main.py"))


# What cannot be shown


def test_a_path_that_the_bundle_has_not_is_not_found(story, moderator, asked):
    release = story.waiting()
    inside = (TOP, f"{TOP}/", f"{TOP}/MAIN.PY", f"{TOP}%5cmain.py", f"{TOP}/..%2f{TOP}/main.py")
    for path in (*inside, "no.py", "etc/passwd", "..%2f..%2fetc%2fpasswd", "%252e%252e/main.py", "%ff"):
        moderator.get(at(release, path), status=404)
        assert code_of(asked(release, path)) == "not_found"
    assert moderator.get(at(release, "%2fetc%2fpasswd"), status=308).location.endswith("/files/etc/passwd")
    assert code_of(asked(release, f"{TOP}/main.py%00")) == "request.malformed"


def test_a_package_too_large_for_a_page_says_so(story, moderator, asked, monkeypatch):
    release = story.waiting()
    monkeypatch.setattr(service, "MOST_PACKAGE_BYTES", 100)
    assert "which is too much to be opened for a page" in moderator.see(at(release, f"{TOP}/main.py"))
    answer = asked(release, f"{TOP}/main.py").json
    assert answer["part"] is None
    assert "Download it" in answer["note"]


def test_bytes_that_are_no_longer_kept_are_told(story, moderator, given):
    release = story.waiting()
    story.decided(release, Verdict.REJECT)

    def forget():
        bucket = store().config.bucket_incoming
        for key in list(store().list_keys(bucket, "upload-")):
            store().delete(bucket, key)

    given.run(forget)
    assert "no longer kept" in moderator.see(at(release, f"{TOP}/main.py"))


def test_bytes_that_are_not_those_that_were_checked_are_not_shown(story, moderator, given):
    release = story.waiting()

    def lie():
        other, bucket = bundles.kodi(version="6.6.6"), store().config.bucket_incoming
        (key,) = store().list_keys(bucket, "upload-")
        store().delete(bucket, key)
        digest = hashlib.sha256(other).hexdigest()
        store().put(bucket, key, other, sha256=digest, size=len(other), content_type="application/zip")

    given.run(lie)
    assert "other bytes than were checked" in moderator.see(at(release, f"{TOP}/main.py"))


def test_only_a_few_are_opened_at_once_and_the_others_are_asked_to_wait(story, asked, monkeypatch):
    release = story.waiting()
    monkeypatch.setattr(service, "WAIT_S", 0.05)
    held = [service._places.acquire(timeout=1) for _ in range(service.AT_ONCE)]
    try:
        busy = asked(release, f"{TOP}/main.py")
        assert code_of(busy) == "service.unavailable"
        assert busy.headers["Retry-After"]
    finally:
        for _ in held:
            service._places.release()
    assert asked(release, f"{TOP}/main.py").status_code == 200


# Who may


def test_strangers_are_refused_as_on_other_pages_of_a_release(story, visit, client, given):
    release = story.waiting()
    path = at(release, f"{TOP}/main.py")
    assert "/accounts/sign-in" in visit().get(path, status=302).location
    assert code_of(client.get(f"/api/v1{path}")) == "auth.required"
    stranger = given.account()
    visit(stranger).get(path, status=404)
    assert code_of(client.bearing(given.token(stranger)).get(f"/api/v1{path}")) == "not_found"


def test_of_a_published_release_too_strangers_open_no_file(story, visit, client, given):
    path = at(story.published(), f"{TOP}/main.py")
    stranger = given.account()
    assert "This is not yours to do" in visit(stranger).see(path, status=403)
    assert code_of(client.bearing(given.token(stranger)).get(f"/api/v1{path}")) == "auth.forbidden"


def test_members_of_its_publisher_and_moderators_may_even_on_their_own(story, visit, given):
    release = story.waiting()
    path = at(release, f"{TOP}/main.py")
    uploader = given.member(story.publisher, MemberRole.UPLOADER)
    both = given.member(story.publisher, MemberRole.OWNER, given.account(role=Role.MODERATOR))
    for who in (story.developer, uploader, both, given.admin()):
        assert "print(" in visit(who).see(path)


def test_a_moderators_token_without_the_scope_is_a_strangers(story, client, given):
    path = f"/api/v1{at(story.waiting(), f'{TOP}/main.py')}"
    assert code_of(client.bearing(given.token(story.moderator, "read")).get(path)) == "not_found"


# What changed


@pytest.fixture
def two(story):
    """A published release and the one that waits after it."""
    old = "".join(f"line = {number}\n" for number in range(1, 31))
    new = old.replace("line = 10\n", "line = 'ten'\nmore = 1\n")
    before = story.published(bundles.kodi(more={"a.py": old, "gone.py": "x = 1\n", "crlf.py": "y = 1\n"}))
    more = {"a.py": new, "new.py": "print('new\u202e')\n", "crlf.py": "y = 1\r\n"}
    return before, story.waiting(bundles.kodi(version="2.0.0", more=more))


def test_a_changed_file_is_shown_line_by_line_beside_the_last_published_release(two, moderator):
    before, after = two
    page = moderator.get(at(after, f"{TOP}/a.py", f"?against={before.id}")).text
    rows = re.findall(
        r'<div class="line (\w+)"><span class="number">(\d*)</span><span class="number">(\d*)</span>.*?<code>(.*?)</code>',
        page,
    )
    assert rows[3:6] == [
        ("removed", "10", "", "line = 10"), ("added", "", "10", "line = &#39;ten&#39;"), ("added", "", "11", "more = 1")
    ]  # fmt: skip
    assert [kind for kind, *_ in rows] == ["kept"] * 3 + ["removed"] + ["added"] * 2 + ["kept"] * 3
    words = moderator.see(at(after, f"{TOP}/a.py", f"?against={before.id}"))
    assert "removed − line = 10" in words
    assert "added + more = 1" in words


def test_added_and_removed_files_are_all_plus_or_all_minus(two, moderator):
    before, after = two
    added = moderator.see(at(after, f"{TOP}/new.py", f"?against={before.id}"))
    assert "Added in" in added
    assert "added + print('new U+202E ')" in added
    removed = moderator.see(at(after, f"{TOP}/gone.py", f"?against={before.id}"))
    assert "Removed in" in removed
    assert "removed − x = 1" in removed


def test_another_end_of_line_is_seen(two, moderator):
    before, after = two
    assert "added + y = 1 U+000D" in moderator.see(at(after, f"{TOP}/crlf.py", f"?against={before.id}"))


def test_from_one_file_that_differs_the_next_is_a_key_away(two, moderator):
    before, after = two
    page = moderator.get(at(after, f"{TOP}/crlf.py", f"?against={before.id}"))
    for key, name in (("p", "addon.xml"), ("n", "gone.py")):
        assert f'href="{at(after, f"{TOP}/{name}", f"?against={before.id}")}" data-key="{key}"' in page.text
    assert "4 of 5 files that differ" in words_of(page)


def test_the_decision_page_leads_to_each_difference(two, moderator):
    before, after = two
    page = moderator.get(f"/review/{after.id}").text
    for name in ("a.py", "new.py", "gone.py"):
        assert f'href="{at(after, f"{TOP}/{name}", f"?against={before.id}")}"' in page


def test_the_same_file_and_one_without_text_have_no_lines_to_show(story, moderator):
    before = story.published(bundles.kodi(icon=bundles.png()))
    after = story.waiting(bundles.kodi(version="2.0.0", icon=bundles.png(32)))
    same = moderator.see(at(after, f"{TOP}/main.py", f"?against={before.id}"))
    assert "The file is the same in both." in same
    assert "It is not text." in moderator.see(at(after, f"{TOP}/icon.png", f"?against={before.id}"))


def test_what_differs_in_no_line_says_so(story, moderator):
    before = story.published(bundles.kodi(more={"a.py": "x = 1\n"}))
    after = story.waiting(bundles.kodi(version="2.0.0", more={"a.py": "x = 1"}))
    assert "the end of its last line" in moderator.see(at(after, f"{TOP}/a.py", f"?against={before.id}"))


def test_only_another_release_of_the_same_listing_is_compared_with(two, story, asked):
    before, after = two
    other = story.published(bundles.kodi("script.other"))
    for wrong in (other.id, after.id):
        assert code_of(asked(after, f"{TOP}/a.py", against=wrong)) == "request.invalid"
    assert code_of(asked(after, f"{TOP}/a.py", against=story.publisher.id)) == "not_found"
    assert code_of(asked(after, f"{TOP}/none.py", against=before.id)) == "not_found"
    assert code_of(asked(after, f"{TOP}/a.py", against="1.0.0")) == "request.invalid"
    assert code_of(asked(after, f"{TOP}/a.py", line=0)) == "request.invalid"


def test_the_api_tells_the_same(two, asked):
    before, after = two
    told = asked(after, f"{TOP}/a.py", against=before.id).json
    assert told["against"] == str(before.id)
    assert told["part"] is None
    assert told["difference"]["hunks"][0][3:5] == [
        {"mark": "-", "before": 10, "now": None, "text": "line = 10"},
        {"mark": "+", "before": None, "now": 10, "text": "line = 'ten'"},
    ]
    part = asked(after, f"{TOP}/a.py").json["part"]
    assert (part["first"], part["next"], part["cut"], part["lines"][10]) == (1, None, False, "more = 1")


# Where evidence leads


def test_evidence_of_privacy_leads_to_its_line_for_those_who_may_open_it(story, moderator, visit):
    release = story.published(tracking(privacy=None))
    link = f'href="{at(release, f"{TOP}/report.py", "?line=2")}#L2"'
    assert link in moderator.get(f"/releases/{release.id}/privacy").text
    assert link in visit(story.developer).get(f"/releases/{release.id}/privacy").text
    assert "/files/" not in visit().get(f"/releases/{release.id}/privacy").text
    shown = moderator.get(at(release, f"{TOP}/report.py", "?line=2")).text
    assert re.search(r'class="line marked" id="L2">.*requests.post', shown)


def test_findings_and_license_files_lead_to_their_file(story, moderator):
    release = waiting(story, odd="if role != 'user\u202e': pass\n")
    assert (
        f'href="{at(release, f"{TOP}/odd.py", "?line=1")}#L1"' in moderator.get(f"/review/{release.id}").text
    )
    desk = moderator.get(f"/review/{release.id}/license").text
    assert f'href="{at(release, f"{TOP}/LICENSE.txt")}"' in desk
