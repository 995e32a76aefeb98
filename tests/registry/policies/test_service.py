"""A policy page: watched, kept, looked at again, changed in markup, in words, in meaning."""

import hashlib
import time
from datetime import timedelta
from ipaddress import ip_address

import pytest
from sqlalchemy import select

from registry.clock import now
from registry.database import session, transaction
from registry.errors import Invalid, NotAllowed, NotFound, StateMoved
from registry.fetching.fetcher import Rules
from registry.policies.looking import AGAIN_AFTER, PATIENCE, ask_for_due_looks, look_at_policy, sweep_passed
from registry.policies.models import Policy, PolicyText, Standing
from registry.policies.service import call_change, list_pending, watch
from registry.releases.models import Release
from registry.storing import store
from registry.uploads.sweeping import sweep_uploads
from registry.work import Job, Work
from storage.keys import policy_key
from tests import bundles
from tests.registry.fetching.servers import HOME, at_home, leading, page, stranger
from tests.registry.policies.writing import OTHERS, dressed, plain, signing_in
from tests.story import Story

PRIVACY = """policy_url = "{url}"
[[data]]
code = "library"
purposes = ["match"]
recipients = ["developer"]
basis = "required"
linked = "no"
retention_days = 30
transit = "tls"
deletion = "none"
"""


class Site:
    """The maker's site: ``shows`` is what its policy page answers, ``url`` where it is."""

    url = ""

    def __init__(self) -> None:
        self.shows = page(plain())


@pytest.fixture
def site():
    made = Site()
    with stranger(lambda connection, head: made.shows(connection, head)) as there:  # noqa: PLW0108 - it changes
        made.url = f"http://policy.example:{there.port}/privacy"
        yield made


@pytest.fixture
def story(given):
    return Story(given)


@pytest.fixture
def release(story, site):
    """A published release whose declaration names the site's page."""
    more = {"privacy.toml": PRIVACY.format(url=site.url)}
    return story.published(bundles.kodi(more=more))


@pytest.fixture
def policy(given, release):
    return given.run(lambda: session().scalars(select(Policy)).one())


@pytest.fixture
def look(given, policy):
    """Look at the page as a worker does, but with this machine allowed; return the texts, oldest first."""

    def act(rules: Rules | None = None) -> list[PolicyText]:
        given.run(look_at_policy, str(policy.id), rules or at_home())
        return given.run(lambda: list(session().scalars(select(PolicyText).order_by(PolicyText.fetched_at))))

    return act


@pytest.fixture
def call(given, story):
    def act(text, standing=Standing.MEANING, *, by=None, note="They keep it longer now."):
        return given.run(call_change, text.id, standing, note=note, by=given.actor(by or story.moderator))

    return act


def fault_of(given, policy) -> str | None:
    return given.found(Policy, policy.id).fault_code


def notice_of(given, release) -> str:
    return given.found(Release, release.id).notice_digest


def test_a_declaration_that_names_a_page_has_it_watched(given, policy, site, release):
    assert (policy.url, policy.listing_id, policy.watched) == (site.url, release.listing_id, True)
    work = given.run(lambda: list(session().scalars(select(Job.subject).where(Job.work == Work.POLICY))))
    assert work == [str(policy.id)]


def test_what_stood_there_is_kept_as_text_and_as_it_came(given, policy, site, look):
    site.shows = page(dressed())
    [text] = look()
    assert "We keep them for 30 days" in text.text
    assert "Shop" not in text.text
    assert text.standing is Standing.FIRST
    sha256 = hashlib.sha256(dressed()).hexdigest()
    assert text.original_sha256 == sha256
    kept = given.run(lambda: store().open(store().config.bucket_published, policy_key(sha256)).read())
    assert kept == dressed()
    seen = given.found(Policy, policy.id)
    assert (seen.current_id, seen.fault_code) == (text.id, None)
    assert seen.next_look_at - seen.looked_at == AGAIN_AFTER


def test_a_change_of_markup_menus_and_dates_is_no_change(given, policy, site, look, release):
    [first] = look()
    notice = notice_of(given, release)
    for body in (dressed(), dressed(updated="3 March 2027"), plain() + b"\n\n<!-- -->", plain()):
        site.shows = page(body)
        assert [text.id for text in look()] == [first.id]
    assert notice_of(given, release) == notice


def test_a_change_of_words_waits_and_changes_no_notice(given, policy, site, look, release, story):
    [first] = look()
    notice = notice_of(given, release)
    site.shows = page(plain(OTHERS))
    assert [text.standing for text in look()] == [Standing.FIRST, Standing.PENDING]
    assert given.found(Policy, policy.id).current_id == first.id
    assert notice_of(given, release) == notice
    for who in (story.moderator, story.developer):
        [seen] = given.run(list_pending, by=given.actor(who))
        assert seen.policy.id == policy.id
    assert given.run(list_pending, by=given.actor(given.account())) == []


def test_the_publishers_people_are_mailed_once_when_the_page_cannot_be_read(given, site, look, story):
    look()
    before = len(given.mails(story.developer.email))
    site.shows = page(b"%PDF-1.7", "application/pdf")
    look()
    look()
    [mail] = given.mails(story.developer.email)[before:]
    assert "could not be read" in mail.subject
    assert "Publish the policy as a web page" in mail.body
    site.shows = page(plain())
    look()
    assert len(given.mails(story.developer.email)) == before + 1


def test_the_publishers_people_are_mailed_once_for_each_change(given, site, look, story):
    look()
    before = len(given.mails(story.developer.email))
    site.shows = page(plain(OTHERS))
    second = look()[1]
    look()
    site.shows = page(plain([*OTHERS, "It changes all the time."]))
    look()
    [mail] = given.mails(story.developer.email)[before:]
    assert mail.subject == "The policy of Lantern has changed"
    assert f"http://marquee.test/policies/{second.id}" in mail.body


def test_what_may_pass_by_itself_is_told_after_a_day_and_a_half_and_asked_for_sooner(
    given, policy, site, look, story
):
    look()
    mails = len(given.mails(story.developer.email))
    site.shows = page(b"", "text/html", "503 Busy")
    look()
    assert fault_of(given, policy) is None
    assert given.found(Policy, policy.id).next_look_at < now() + AGAIN_AFTER / 2
    assert len(given.mails(story.developer.email)) == mails

    def later() -> None:
        with transaction() as tx:
            tx.get_one(Policy, policy.id).looked_at -= PATIENCE

    given.run(later)
    look()
    look()
    assert fault_of(given, policy) == "url.status"
    assert len(given.mails(story.developer.email)) == mails + 1
    site.shows = page(plain())
    look()
    assert fault_of(given, policy) is None


def test_wording_changes_nothing_but_the_text_in_force(given, policy, site, look, release, call):
    look()
    notice = notice_of(given, release)
    site.shows = page(plain(OTHERS))
    second = look()[1]
    call(second, Standing.WORDING)
    assert given.found(Policy, policy.id).current_id == second.id
    assert notice_of(given, release) == notice
    assert given.run(list_pending, by=given.actor(given.moderator())) == []


def test_meaning_makes_a_new_notice(given, policy, site, look, release, call, story):
    look()
    notice = notice_of(given, release)
    site.shows = page(plain(OTHERS))
    second = look()[1]
    called = call(second, by=story.developer)
    assert (called.called_by, called.note) == (story.developer.id, "They keep it longer now.")
    assert notice_of(given, release) != notice
    work = given.run(lambda: list(session().scalars(select(Job.subject).where(Job.work == Work.FEEDS))))
    assert "kodi" in work


def test_a_change_is_called_once(given, site, look, call):
    look()
    site.shows = page(plain(OTHERS))
    second = look()[1]
    call(second, Standing.WORDING)
    with pytest.raises(StateMoved):
        call(second)


def test_a_page_that_changes_again_before_it_was_called_waits_with_its_last_words(given, site, look, call):
    look()
    site.shows = page(plain(OTHERS))
    second = look()[1]
    site.shows = page(plain([*OTHERS, "We also sell what you watch to anybody."]))
    assert [text.standing for text in look()] == [Standing.FIRST, Standing.PASSED, Standing.PENDING]
    with pytest.raises(StateMoved):
        call(second)


def test_a_page_that_goes_back_to_what_is_in_force_waits_for_nobody(given, policy, site, look, release):
    look()
    notice = notice_of(given, release)
    site.shows = page(plain(OTHERS))
    look()
    site.shows = page(plain())
    assert [text.standing for text in look()] == [Standing.FIRST, Standing.PASSED, Standing.WORDING]
    assert given.run(list_pending, by=given.actor(given.moderator())) == []
    assert notice_of(given, release) == notice


def test_a_text_that_nobody_called_is_forgotten_after_a_month(given, site, look):
    look()
    for words in ("We sell it.", "We sell it twice."):
        site.shows = page(plain([*OTHERS, words]))
        look()
    assert given.run(sweep_passed) == 0

    def grow_old() -> None:
        with transaction() as tx:
            for text in tx.scalars(select(PolicyText)):
                text.fetched_at -= timedelta(days=31)

    given.run(grow_old)
    assert given.run(sweep_passed) == 1
    assert [text.standing for text in look()] == [Standing.FIRST, Standing.PENDING]


def test_strangers_call_no_change_and_nobody_calls_it_first(given, site, look, call):
    look()
    site.shows = page(plain(OTHERS))
    second = look()[1]
    with pytest.raises(NotAllowed):
        call(second, by=given.account())
    with pytest.raises(Invalid):
        call(second, Standing.FIRST)
    with pytest.raises(Invalid):
        call(second, note="n" * 2001)
    with pytest.raises(NotFound):
        call(Policy(id=second.policy_id))


@pytest.mark.parametrize(
    ("shows", "code"),
    [
        (page(b"%PDF-1.7", "application/pdf"), "url.type"),
        (page(b"x" * 2_000_000), "url.too_large"),
        (page(signing_in()), "url.closed"),
        (page(b"", "text/html", "401 No"), "url.closed"),
        (leading("http://10.0.0.1/"), "url.forbidden"),
        (page(b"<div id=app></div>"), "policy.empty"),
        (page(b"x", "text/html", "404 No"), "url.status"),
    ],
    ids=["pdf", "large", "login", "401", "private", "script", "404"],
)  # fmt: skip
def test_what_is_wrong_with_a_page_is_a_finding_and_what_is_in_force_stays(
    given, policy, site, look, release, shows, code
):
    [first] = look()
    notice = notice_of(given, release)
    site.shows = shows
    assert [text.id for text in look()] == [first.id]
    seen = given.found(Policy, policy.id)
    assert seen.fault_code == code
    assert seen.fault_message
    assert seen.fault_fix
    assert seen.current_id == first.id
    assert notice_of(given, release) == notice
    site.shows = page(plain())
    look()
    assert fault_of(given, policy) is None


def test_a_page_that_never_ends_is_a_finding(given, policy, site, look):
    def endless(connection, _head):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            connection.sendall(b"a" * 10)
            time.sleep(0.05)

    site.shows = endless
    assert look(at_home(seconds=0.4)) == []
    assert fault_of(given, policy) == "url.slow"


def test_the_product_itself_never_asks_this_machine(given, policy, site, look):
    """The same page with the product's rules, its name resolved to loopback: nothing is connected to."""
    rules = Rules(resolve=lambda _host, _port: [HOME, ip_address("8.8.8.8")], ports=frozenset(range(65536)))
    assert look(rules) == []
    assert fault_of(given, policy) == "url.forbidden"


def test_pages_are_looked_at_again_every_day(given, policy, look):
    look()
    assert given.run(ask_for_due_looks) == 0

    def tomorrow() -> None:
        with transaction() as tx:
            tx.get_one(Policy, policy.id).next_look_at = now() - timedelta(seconds=1)

    given.run(tomorrow)
    assert given.run(ask_for_due_looks) == 1
    assert given.run(ask_for_due_looks) == 0, "once is enough, whoever asks"


def test_a_page_that_is_watched_twice_is_one_and_of_many_the_youngest_are_watched(given, policy, release):
    def act() -> list[bool]:
        with transaction() as tx:
            assert watch(tx, policy.url, release.listing_id).id == policy.id
            for number in range(7):
                watch(tx, f"https://lantern.example/{number}", release.listing_id)
        query = select(Policy.watched).order_by(Policy.created_at)
        return list(session().scalars(query))

    assert given.run(act) == [False] * 3 + [True] * 5


def test_a_page_as_it_came_is_no_orphan(given, policy, site, look):
    [text] = look()
    given.run(sweep_uploads, orphan_after=timedelta(0))
    kept = given.run(lambda: store().stat(store().config.bucket_published, policy_key(text.original_sha256)))
    assert kept == len(plain())
