"""Markdown that strangers wrote, as HTML that is safe on our pages.

Raw HTML is shown as text, nothing is loaded from elsewhere, and a text that takes too long to
render is shown as it is.
"""

import time
from collections.abc import Callable, Sequence
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

MAX_CHARACTERS = 64_000
MAX_SECONDS = 0.5
MAX_NESTING = 20
#: The page has the first two levels of headings for itself.
HEADINGS_START_AT = 3
TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("em", "strong", "s", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
ADDRESS_STARTS = ("https://", "http://", "mailto:")


def render_markdown(
    text: str,
    *,
    lead: Callable[[str], str] | None = None,
    max_characters: int = MAX_CHARACTERS,
    max_seconds: float = MAX_SECONDS,
) -> str:
    """Return ``text`` (CommonMark, tables, strikethrough) as HTML made of :data:`TAGS` alone.

    Links lead to absolute web or mail addresses and carry rel ``noopener noreferrer ugc nofollow``;
    a picture becomes a link to it. ``lead`` gives what a web address is replaced by, the page that leads
    out to it. Longer texts are cut at ``max_characters``, with an ellipsis.
    """
    if len(text) > max_characters:
        text = text[:max_characters] + "…"
    try:
        html = _render(text, time.monotonic() + max_seconds)
    except TimeoutError:
        html = _as_it_is(text)
    return _cleaned(html, lead)


class _Parser(MarkdownIt):
    """CommonMark with a rule that looks at the clock; one per text, since it holds a deadline."""

    def __init__(self, deadline: float) -> None:
        super().__init__("commonmark", {"html": False, "maxNesting": MAX_NESTING})
        self.enable(["table", "strikethrough"])
        self.disable(["html_block", "html_inline"])
        self._deadline = deadline
        self.block.ruler.before("table", "clock", self._block_clock, {"alt": ["paragraph"]})
        self.inline.ruler.before("text", "clock", self._inline_clock)
        self.add_render_rule("image", _picture_as_link)
        self.core.ruler.push("headings", _demote_headings)

    def _check(self) -> None:
        if time.monotonic() > self._deadline:
            raise TimeoutError

    def _block_clock(self, _state: StateBlock, _start: int, _end: int, _silent: bool) -> bool:  # noqa: FBT001 - the signature of a rule
        self._check()
        return False

    def _inline_clock(self, _state: StateInline, _silent: bool) -> bool:  # noqa: FBT001 - the signature of a rule
        self._check()
        return False


def _render(text: str, deadline: float) -> str:
    html: str = _Parser(deadline).render(text)
    return html


def _picture_as_link(
    renderer: RendererProtocol,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    """Show a picture as a link: loading it would tell a stranger who reads this page."""
    token = tokens[index]
    label = renderer.renderInlineAsText(token.children or [], options, env)  # type: ignore[attr-defined]
    address = str(token.attrs.get("src", ""))
    shown = escape(label or "picture")
    if _inside_link(tokens[:index]):
        return shown
    return f'<a href="{escape(address)}">{shown}</a>'


def _inside_link(before: Sequence[Token]) -> bool:
    last = next((t.type for t in reversed(before) if t.type.startswith("link_")), None)
    return last == "link_open"


def _demote_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            level = int(token.tag[1]) + HEADINGS_START_AT - 1
            token.tag = f"h{min(level, 6)}"


def _as_it_is(text: str) -> str:
    paragraphs = (escape(part).replace("\n", "<br>") for part in text.split("\n\n") if part.strip())
    return "".join(f"<p>{part}</p>\n" for part in paragraphs)


def _cleaned(html: str, lead: Callable[[str], str] | None) -> str:
    def kept(_tag: str, attribute: str, value: str) -> str | None:
        """Keep an address only when it is absolute: a relative one would lead into our own pages."""
        if attribute != "href":
            return value
        if not value.lower().startswith(ADDRESS_STARTS):
            return None
        return value if lead is None or value.lower().startswith("mailto:") else lead(value) or None

    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        attribute_filter=kept,
        link_rel="noopener noreferrer ugc nofollow",
        url_schemes={"http", "https", "mailto"},
    )
