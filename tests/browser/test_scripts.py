"""What our scripts add to pages, which work without them."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from licenses.spdx import text_of
from registry.accounts.models import Account
from registry.database import session
from registry.releases.models import Release
from registry.review.models import Decision, Verdict
from registry.uploads.models import Upload, UploadState
from tests import bundles
from tests.browser.people import drop
from tests.conftest import PUBLIC_URL
from tests.registry.privacy.known import tracking
from tests.story import Story

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
MIB = 1024 * 1024
PER_PAGE = 24
THREE_PARTS = 17 * MIB
SignIn = Callable[..., Page]
MAKE_FILE = """([name, size]) => {
  const held = new DataTransfer();
  held.items.add(new File([new Uint8Array(size)], name, { lastModified: 1 }));
  const input = document.querySelector('#file');
  input.files = held.files;
  input.dispatchEvent(new Event('change'));
}"""


@pytest.fixture
def story(given) -> Story:
    return Story(given)


@pytest.fixture
def open_context(browser) -> Iterator[Callable[..., BrowserContext]]:
    made: list[BrowserContext] = []

    def make(**options) -> BrowserContext:
        made.append(browser.new_context(base_url=PUBLIC_URL, reduced_motion="reduce", **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def sign_in(given, open_context) -> SignIn:
    """``sign_in(account)`` gives a page on which this account is signed in."""

    def sign_in(account: Account, **options) -> Page:
        context = open_context(**options)
        context.add_cookies([{"name": "marquee", "value": given.signed_in(account), "url": PUBLIC_URL}])
        return context.new_page()

    return sign_in


def only_upload(given) -> Upload:
    return given.run(lambda: session().query(Upload).one())


def test_search_shows_results_while_typing_and_keeps_the_address(story, open_context):
    story.published(bundles.kodi("script.harbor", name="Harbor"))
    story.published(bundles.jellyfin(name="Lamplight"))
    page = open_context().new_page()
    page.goto("/browse")
    expect(page.locator(".tile")).to_have_count(2)
    page.keyboard.press("/")
    page.keyboard.type("harb", delay=30)
    expect(page.locator(".tile")).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("1 plug-in for “harb”")
    expect(page).to_have_url(f"{PUBLIC_URL}/browse?q=harb")
    words = page.get_by_label("Search the catalogue")
    expect(words).to_be_focused()

    words.fill("")
    expect(page.locator(".tile")).to_have_count(2)
    page.get_by_label(re.compile("^Jellyfin")).check()
    expect(page.locator(".tile")).to_have_count(1)
    expect(page).to_have_url(f"{PUBLIC_URL}/browse?ecosystem=jellyfin")
    expect(page.get_by_label(re.compile("^Jellyfin"))).to_be_focused()
    page.reload()
    expect(page.locator(".tile")).to_have_count(1)


def test_more_listings_are_added_and_the_focus_goes_on_with_them(story, open_context):
    for number in range(PER_PAGE + 2):
        body = bundles.kodi(f"script.number{number:02}", name=f"Number {number:02}")
        story.published(body, f"script.number{number:02}-1.0.0.zip")
    page = open_context().new_page()
    page.goto("/browse")
    expect(page.locator(".tile")).to_have_count(PER_PAGE)
    page.get_by_role("link", name="Show more").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tile")).to_have_count(PER_PAGE + 2)
    expect(page.locator(".tile").nth(PER_PAGE)).to_be_focused()
    expect(page.get_by_role("link", name="Show more")).to_have_count(0)


def test_a_part_that_did_not_arrive_is_sent_again(story, given, sign_in):
    page = sign_in(story.developer)
    tried: list[str] = []

    def break_once(route: Route) -> None:
        tried.append(route.request.url[-1])
        if tried.count("2") == 1 and tried[-1] == "2":
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/uploads/*/parts/*", break_once)
    page.goto("/publish")
    page.evaluate(MAKE_FILE, ["big.zip", THREE_PARTS])
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/uploads/*", timeout=60_000)
    assert tried == ["1", "2", "2", "3"]
    upload = only_upload(given)
    assert (upload.state, upload.size_bytes) == (UploadState.RECEIVED, THREE_PARTS)


def test_an_upload_that_was_stopped_goes_on_where_it_stopped(story, given, sign_in):
    page = sign_in(story.developer)
    sent: list[str] = []
    held: list[Route] = []

    def hold_the_second(route: Route) -> None:
        sent.append(route.request.url[-1])
        if sent[-1] == "2" and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/api/v1/uploads/*/parts/*", hold_the_second)
    page.goto("/publish")
    page.evaluate(MAKE_FILE, ["big.zip", THREE_PARTS])
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("of 17.8 MB")).to_contain_text("8.4 MB")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("alert")).to_have_text("Stopped. Press Upload to go on where it stopped.")

    page.goto("/publish")
    page.evaluate(MAKE_FILE, ["big.zip", THREE_PARTS])
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/uploads/*", timeout=60_000)
    assert sent == ["1", "2", "2", "3"]
    assert only_upload(given).state is UploadState.RECEIVED


def test_what_an_upload_is_made_from_is_sent_with_it(given, sign_in):
    original = Story(given, first_party=True).published(
        bundles.kodi(license="MIT", more={"LICENSE.txt": text_of("MIT") or ""})
    )
    page = sign_in(Story(given, "harbor").developer)
    page.goto(f"/publish?derived_from={original.id}")
    page.get_by_label("What did you change?").fill("Speaks Danish.")
    page.evaluate(MAKE_FILE, ["small.zip", MIB])
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/uploads/*", timeout=60_000)
    said = given.run(lambda: session().query(Upload).filter_by(filename="small.zip").one().said)
    assert said == {"derived_from": str(original.id), "changes": "Speaks Danish."}


def test_two_files_at_once_and_a_file_too_large_are_told_before_anything_is_sent(story, given, sign_in):
    page = sign_in(story.developer)
    page.goto("/publish")
    drop(page, "[data-drop]", "one.zip", b"PK", "two.zip")
    expect(page.get_by_role("alert")).to_have_text(
        "Drop one file: the bundle, packed as its media server installs it."
    )
    page.evaluate(
        """() => Object.defineProperty(document.querySelector('#file'), 'files',
            { value: [{ name: 'huge.zip', size: 900e6, lastModified: 1 }] })"""
    )
    page.locator("#file").dispatch_event("change")
    expect(page.get_by_role("alert")).to_have_text("The file has 900.0 MB; at most 512 MiB are accepted.")
    assert given.run(lambda: session().query(Upload).count()) == 0


def test_without_scripts_a_file_is_uploaded_by_the_plain_form(story, given, sign_in, tmp_path):
    bundle = tmp_path / "lantern.zip"
    bundle.write_bytes(bytes(9 * MIB))
    page = sign_in(story.developer, java_script_enabled=False)
    page.goto("/publish")
    page.locator("#file").set_input_files(bundle)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("link", name="Look again")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("lantern.zip")
    assert only_upload(given).state is UploadState.RECEIVED


def test_without_scripts_the_catalogue_is_narrowed_by_a_button(story, open_context):
    story.published(bundles.kodi())
    story.published(bundles.jellyfin())
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/browse")
    page.get_by_label(re.compile("^Jellyfin")).check()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".tile")).to_have_count(1)
    page.get_by_label("Search the catalogue").fill("nothing like it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)


def test_a_moderator_rejects_by_keys_and_is_led_to_what_is_missing(story, given, sign_in):
    release = story.waiting()
    page = sign_in(story.moderator)
    page.goto(f"/review/{release.id}")
    page.keyboard.press("x")
    expect(page.locator("#reason")).to_be_focused()
    expect(page.get_by_text("Reject: give a reason and a note, then press Ctrl+Enter.")).to_be_visible()
    page.locator("#reason").select_option("quality.broken")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("Axe it: a, r, x and q are letters here.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Recorded: reject.")).to_be_visible()
    made = given.run(lambda: session().query(Decision).one())
    assert (made.verdict, made.reason) == (Verdict.REJECT, "quality.broken")
    assert made.note == "Axe it: a, r, x and q are letters here."


def test_a_license_is_looked_at_and_concluded_by_two_keys(story, given, sign_in):
    release = story.waiting(bundles.jellyfin(), "lamplight.zip")
    page = sign_in(story.moderator)
    page.goto(f"/review/{release.id}")
    page.keyboard.press("l")
    expect(page.get_by_role("heading", level=1)).to_have_text("License of Lamplight 1.2.0.0")
    page.keyboard.press("c")
    expect(page.get_by_text("Concluded: MIT.")).to_be_visible()
    assert "license.undecided" not in given.found(Release, release.id).reasons


def test_one_of_the_four_words_is_open_at_a_time_and_escape_closes_it(story, open_context):
    story.published()
    page = open_context().new_page()
    page.goto("/listings/kodi/metadata.example.lantern")
    share, change = (page.locator("details.word", has_text=word).first for word in ("Share", "Change"))
    share.locator("summary").click()
    expect(share.get_by_text("Its license says so.")).to_be_visible()
    change.locator("summary").click()
    expect(share.get_by_text("Its license says so.")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(change.locator("summary")).to_be_focused()
    expect(change.get_by_text("Its license says so.")).to_be_hidden()


def test_j_and_k_move_in_the_queue_and_enter_opens(story, sign_in):
    for number in (1, 2, 3):
        story.waiting(bundles.kodi(f"script.number{number}", name=f"Number {number}"))
    page = sign_in(story.moderator)
    page.goto("/review")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(".queue-row").first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Number 2 1.0.0")


def test_addresses_are_copied_on_plain_http_too_and_a_feed_is_tested(story, open_context):
    story.published()
    page = open_context().new_page()
    page.goto("/connect")
    assert page.evaluate("() => window.isSecureContext") is False
    kodi = page.locator("#kodi")
    kodi.get_by_role("button", name="Copy").click()
    expect(kodi.get_by_text("Copied")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.press("Control+v")
    expect(page.get_by_label("Search the catalogue")).to_have_value(
        f"{PUBLIC_URL}/feeds/kodi/repository.marquee.marquee.test.zip"
    )
    kodi.get_by_role("link", name="Test the feed").click()
    expect(kodi.get_by_role("status")).to_contain_text("It works from here:")


def test_a_typed_password_can_be_looked_at(open_context):
    page = open_context().new_page()
    page.goto("/accounts/sign-in")
    password = page.get_by_label("Password", exact=True)
    password.fill("violet anchor")
    expect(password).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show what is typed").click()
    expect(password).to_have_attribute("type", "text")


def test_the_account_menu_opens_and_escape_closes_it(given, sign_in):
    page = sign_in(given.account())
    page.goto("/")
    page.get_by_label("Your account").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(page.locator("details.menu summary")).to_be_focused()


def test_reduced_motion_is_honored(story, sign_in):
    upload = story.received(bundles.kodi())
    page = sign_in(story.developer)
    page.goto(f"/uploads/{upload.id}")
    spins = page.locator(".steps .now .icon").evaluate(
        "(icon) => [getComputedStyle(icon).animationDuration, getComputedStyle(icon).animationIterationCount]"
    )
    assert spins == ["0.001s", "1"]


def test_no_text_becomes_a_script(open_context):
    page = open_context().new_page()
    page.goto("/")
    tried = page.evaluate(
        """() => ['text', 'src'].map((what) => {
            const script = document.createElement('script');
            try { script[what] = what === 'text' ? 'window.ran = true' : 'https://elsewhere.example/x.js'; }
            catch (error) { return error.name; }
            document.body.append(script);
            return window.ran ? 'ran' : 'added';
        })"""
    )
    assert tried == ["TypeError", "TypeError"]


def test_privacy_is_settled_by_keys_which_ask_for_a_reason_and_open_what_is_folded(story, sign_in, given):
    release = story.waiting(tracking())
    page = sign_in(story.moderator)
    page.goto(f"/review/{release.id}")
    page.keyboard.press("p")
    page.wait_for_url(f"**/releases/{release.id}/privacy")
    page.keyboard.press("m")
    expect(page.get_by_label("Label")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("Never called: a fixture of its tests.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Recorded: overruled.")).to_be_visible()
    assert "privacy.contradiction" not in given.found(Release, release.id).reasons
