"""From a policy page to its words: the text that its readers read, without what surrounds it. Pure.

Two pages with the same words have the same digest, whatever their markup, white space, menus, cookie banners,
and dates or copyright lines of their own are.
"""

import codecs
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import html
from lxml.etree import LxmlError, ParserError

from registry.fetching.errors import FetchFailed

FEWEST_WORDS = 20
#: A page that asks for a password and says less than this is a sign-in page.
WORDS_OF_A_PAGE = 200
MOST_CHARACTERS = 500_000
#: Pairs of words, or of lines, that are looked at for a difference.
MOST_COMPARED = 1_000_000
LINK_SHARE = 0.8

DROPPED = frozenset((
    "script", "style", "noscript", "template", "svg", "math", "canvas", "iframe", "object", "embed", "nav",
    "footer", "header", "aside", "button", "select", "dialog", "menu", "video", "audio", "map",
))  # fmt: skip
DROPPED_ROLES = frozenset((
    "navigation", "banner", "contentinfo", "search", "dialog", "complementary", "alert", "menu",
))  # fmt: skip
DROPPED_NAMES = frozenset((
    "nav", "navbar", "navigation", "menu", "breadcrumb", "breadcrumbs", "footer", "site-footer",
    "site-header", "cookie", "cookies", "cookie-banner", "cookie-notice", "sidebar", "skip-link", "toc",
))  # fmt: skip
BLOCKS = frozenset((
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "main", "ol", "p", "pre", "section", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "body", "caption", "summary", "details",
))  # fmt: skip
WORD = re.compile(r"\w+")
MONTHS = (
    "jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|"
    "sep(?:t|tember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?"
)
DATE = re.compile(
    rf"\d{{1,2}}(?:st|nd|rd|th|\.)?\s*(?:{MONTHS})\b\.?(?:,?\s*\d{{4}})?|"  # 1 May 2026, 1. Mai
    rf"\b(?:{MONTHS})\b\.?\s*\d{{1,2}}(?!\d)(?:st|nd|rd|th)?(?:,?\s*\d{{4}})?|\b(?:{MONTHS})\b\.?\s*\d{{4}}|"
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}",
    re.IGNORECASE,
)
#: What may stand beside a date in a line that tells nothing but the date.
OF_DATES = frozenset((
    "last", "updated", "update", "modified", "changed", "revised", "reviewed", "effective", "date", "version",
    "stand", "zuletzt", "aktualisiert", "geändert", "mis", "à", "jour", "le", "am", "on", "of", "as", "the",
    "since", "from", "this", "page", "policy", "privacy", "was", "is", "valid", "published", "in", "force",
))  # fmt: skip
COPYRIGHT = re.compile(r"^(?:©|\(c\)|copyright\b).*\b\d{4}\b", re.IGNORECASE)
MOST_WORDS_OF_A_DATE = 12
MOST_WORDS_OF_A_FORM = 60


@dataclass(frozen=True, slots=True)
class Words:
    """The text of a page, a line a block, and the SHA-256 of its words alone."""

    text: str
    sha256: str


def words_of(body: bytes, content_type: str) -> Words:
    """Return the words of a page. Raises FetchFailed for a sign-in page and for one without words."""
    if content_type.startswith("text/plain"):
        text = _lines(_decoded(body, content_type))
    else:
        text = _text_of_html(body, content_type)
    text = text[:MOST_CHARACTERS]
    if len(WORD.findall(text)) < FEWEST_WORDS:
        raise FetchFailed(
            "policy.empty", "The page has almost no words; it may be drawn by a script.",
            "Publish the policy as text in the page itself.",
        )  # fmt: skip
    return Words(text, digest_of(text))


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text's words: no case, no marks, no lines that only tell a date."""
    said = (line for line in text.splitlines() if not _only_dated(line))
    folded = " ".join(unicodedata.normalize("NFKC", line).casefold() for line in said)
    return hashlib.sha256(" ".join(WORD.findall(folded)).encode()).hexdigest()


def difference(before: str, after: str, *, most_parts: int = 400) -> list[tuple[str, str]]:
    """Return how a text became another: pairs of ``same``, ``gone`` or ``new`` and some words.

    Bounded: what differs in very many places is told as lines that changed, then as one whole.
    """
    old, new = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    middle = _compared(old[start : len(old) - end], new[start : len(new) - end])
    parts = [("same", "".join(old[:start])), *middle, ("same", "".join(old[len(old) - end :]))]
    return [(kind, words) for kind, words in parts if words][:most_parts]


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many words two texts have in common at their beginning."""
    pairs = zip(old, new, strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(old), len(new)))


def _compared(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    if len(old) * len(new) > MOST_COMPARED:
        old, new = ("".join(words).splitlines(keepends=True) for words in (old, new))
    if len(old) * len(new) > MOST_COMPARED:
        yield from (("gone", "".join(old)), ("new", "".join(new)))
        return
    held: dict[str, list[str]] = {"same": [], "gone": [], "new": []}
    for kind, word in _steps(old, new):
        if (kind == "same") != bool(held["same"]):  # from what is alike to what differs, or back
            yield from _taken(held)
        held[kind].append(word)
    yield from _taken(held)


def _taken(held: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for kind, words in held.items():
        if words:
            yield kind, "".join(words)
            words.clear()


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Walk along the longest common subsequence; its table takes as many steps as there are pairs.

    (``difflib`` takes minutes for some texts of a thousand words.)
    """
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below, word = table[i], table[i + 1], old[i]
        for j in range(len(new) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if word == new[j] else max(below[j], row[j + 1])
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and old[i] == new[j]:
            yield "same", old[i]
            i, j = i + 1, j + 1
        elif j == len(new) or (i < len(old) and table[i + 1][j] >= table[i][j + 1]):
            yield "gone", old[i]
            i += 1
        else:
            yield "new", new[j]
            j += 1


def _only_dated(line: str) -> bool:
    """Say whether a line tells only when the page was changed, or whose it is."""
    if len(WORD.findall(line)) > MOST_WORDS_OF_A_DATE:
        return False
    rest, dates = DATE.subn(" ", line)
    beside = {word.casefold() for word in WORD.findall(rest)}
    return bool(COPYRIGHT.match(line)) or (dates > 0 and beside <= OF_DATES)


def _decoded(body: bytes, content_type: str) -> str:
    return body.decode(_charset(content_type) or "utf-8", errors="replace")


def _charset(content_type: str) -> str | None:
    """Return the encoding that the server states, if there is one of that name."""
    found = re.search(r"charset=\"?([\w.:-]+)", content_type)
    try:
        return codecs.lookup(found[1]).name if found else None
    except LookupError:
        return None


def _text_of_html(body: bytes, content_type: str) -> str:
    root = _parsed(body, content_type)
    if root is None:
        return ""
    asks = bool(root.xpath("//input[@type='password']"))
    _drop(root)
    text = _lines("".join(_pieces(_main_of(root))))
    if asks and len(WORD.findall(text)) < WORDS_OF_A_PAGE:
        raise FetchFailed(
            "url.closed", "The page asks for a sign-in.", "Publish it where anybody can read it."
        )
    return text


def _parsed(body: bytes, content_type: str) -> html.HtmlElement | None:
    charset = _charset(content_type)
    if charset is None and _is_utf8(body):
        charset = "utf-8"
    try:
        parser = html.HTMLParser(encoding=charset, no_network=True, huge_tree=False)
        return html.document_fromstring(body, parser=parser)
    except (LxmlError, ParserError, LookupError, ValueError):
        return None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _drop(root: html.HtmlElement) -> None:
    """Take out what surrounds the text: menus, banners, forms, what cannot be seen."""
    for element in list(root.iter()):
        if element is root or element.getparent() is None:
            continue
        if not isinstance(element.tag, str) or _surrounds(element) or _is_menu(element):
            element.drop_tree()


def _surrounds(element: html.HtmlElement) -> bool:
    if element.tag in {"body", "main", "article", "html"}:
        return False
    names = set(f"{element.get('class', '')} {element.get('id', '')}".lower().split())
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return (
        element.tag in DROPPED
        or hidden
        or element.get("role", "").lower() in DROPPED_ROLES
        or bool(names & DROPPED_NAMES)
    )


def _is_menu(element: html.HtmlElement) -> bool:
    """Say whether it is a list of links, or a form that holds little but fields."""
    if element.tag == "form":  # some sites have all of their page in one
        return len(WORD.findall(element.text_content())) < MOST_WORDS_OF_A_FORM
    if element.tag not in {"ul", "ol"}:
        return False
    links = element.findall(".//a")
    words = len(WORD.findall(element.text_content()))
    linked = sum(len(WORD.findall(link.text_content())) for link in links)
    return len(links) >= 3 and linked >= LINK_SHARE * words


def _main_of(root: html.HtmlElement) -> html.HtmlElement:
    for path in ("//main", "//*[@role='main']", "//article"):
        found = root.xpath(path)
        if len(found) == 1 and len(WORD.findall(found[0].text_content())) >= FEWEST_WORDS:
            return found[0]
    return root


def _pieces(element: html.HtmlElement) -> Iterator[str]:
    """Yield the text in order, with a line's end where a block begins or ends; without recursion."""
    stack: list[html.HtmlElement | str] = [element]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            yield item
            continue
        edge = "\n" if item.tag in BLOCKS else ""
        stack.append(edge)
        for child in reversed(item):
            stack += [child.tail or "", child]
        yield edge + (item.text or "")


def _lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines())
    return "\n".join(line for line in lines if line)
