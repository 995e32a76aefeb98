"""What people do in a browser, by mouse and by keyboard."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.given import PASSWORD

SOON_MS = 60_000  # a real worker on a busy machine
MOST_TABS = 80
IN_FOCUS = """() => {
  const element = document.activeElement;
  const label = element.labels?.[0]?.innerText ?? element.getAttribute('aria-label') ?? '';
  return `${element.innerText ?? ''} ${label} ${element.name ?? ''}`.replace(/\\s+/g, ' ').trim();
}"""


def link_in_outbox(admin: BrowserContext, subject: str, recipient: str) -> str:
    """The path of the link in a mail that waits, as an admin reads it."""
    page = admin.new_page()
    page.goto("/admin")
    mail = page.locator("#outbox details").filter(has_text=recipient).filter(has_text=subject).first
    mail.locator("summary").click()
    found = re.search(r"https?://[^/\s]+(/accounts/\S+)", mail.locator("pre").inner_text())
    page.close()
    assert found is not None
    return found[1]


def drop(page: Page, selector: str, filename: str, body: bytes, *others: str) -> None:
    """Drop a file, as from a desktop; ``others`` are the names of more files with the same bytes."""
    page.evaluate(
        """([selector, names, content]) => {
            const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
            const held = new DataTransfer();
            names.forEach((name) => held.items.add(new File([bytes], name, { type: 'application/zip' })));
            const at = document.querySelector(selector);
            for (const kind of ['dragenter', 'dragover', 'drop']) {
              at.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: held }));
            }
        }""",
        [selector, [filename, *others], base64.b64encode(body).decode()],
    )


class Mouse:
    """Somebody who points and clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, name: str) -> None:
        """Click what is called so: in the page's own part if it is there, else in the frame around it."""
        for root in (self.page.get_by_role("main"), self.page.get_by_role("banner")):
            named = [root.get_by_role(role, name=name, exact=True) for role in ("button", "link")]
            if (found := named[0].or_(named[1])).count():
                found.first.click()
                return
        raise AssertionError(f"nothing is called {name!r} on {self.page.url}")

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def give_file(self, filename: str, body: bytes, _folder: Path) -> None:
        drop(self.page, "[data-drop]", filename, body)
        expect(self.page.locator("[data-chosen]")).to_contain_text(filename)

    def approve_first(self) -> None:
        self.page.locator(".queue-row").first.click()
        self.page.get_by_role("button", name=re.compile("Approve")).click()


class Keyboard:
    """Somebody who has no mouse: Tab, letters, Enter."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, name: str) -> None:
        self._reach(lambda said: said == name or said.startswith(f"{name} "))
        self.page.keyboard.press("Enter")

    def fill(self, label: str, text: str) -> None:
        self._reach(lambda said: said.startswith(label))
        self.page.keyboard.type(text)

    def give_file(self, filename: str, body: bytes, folder: Path) -> None:
        (folder / filename).write_bytes(body)
        self._reach(lambda said: said.endswith(" file") or said == "file")
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(folder / filename)
        expect(self.page.locator("[data-chosen]")).to_contain_text(filename)

    def approve_first(self) -> None:
        self.page.keyboard.press("j")
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/review/*")
        self.page.keyboard.press("a")

    def _reach(self, is_it: Callable[[str], bool]) -> None:
        """Press Tab until the wanted one has the focus, and see that the focus shows."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if is_it(self.page.evaluate(IN_FOCUS)):
                return
        raise AssertionError(f"not reached by {MOST_TABS} tabs on {self.page.url}")


def sign_up(person: Mouse | Keyboard, email: str, name: str) -> None:
    """Make an account, from the start page."""
    person.page.goto("/")
    person.press("Sign in")
    person.page.wait_for_url("**/accounts/sign-in*")
    person.press("Make an account")
    person.page.wait_for_url("**/accounts/sign-up")
    person.fill("Name", name)
    person.fill("E-mail", email)
    person.fill("Password", PASSWORD)
    person.press("Make the account")
    expect(person.page.get_by_role("heading", name="A mail is on its way")).to_be_visible()


def confirm(person: Mouse | Keyboard, path: str, email: str) -> None:
    """Use the mailed link, then sign in."""
    person.page.goto(path)
    person.press("Confirm")
    person.page.wait_for_url("**/accounts/sign-in*")
    person.fill("E-mail", email)
    person.fill("Password", PASSWORD)
    person.press("Sign in")
    person.page.wait_for_url(lambda address: "sign-in" not in address)


def publish(person: Mouse | Keyboard, filename: str, body: bytes, folder: Path) -> None:
    """Make a publisher and upload a file; wait until it is in the queue."""
    person.page.goto("/publish")
    person.press("Create a publisher")
    person.page.wait_for_url("**/publishers/new")
    person.fill("Name", "Lantern Works")
    person.fill("Short name", "lantern-works")
    person.press("Create the publisher")
    person.page.wait_for_url("**/publish")
    person.give_file(filename, body, folder)
    person.press("Upload")
    person.page.wait_for_url("**/uploads/*")
    expect(person.page.get_by_role("heading", name="In the queue")).to_be_visible(timeout=SOON_MS)
