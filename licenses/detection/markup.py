"""HTML and RTF without their marks, character for character, so that places in the text stay right."""

import re

_TAG = re.compile(
    r"(?i)<!--|-->|</?(?:p|br|div|span|h[1-6]|li|ul|ol|a|b|i|em|strong|html|head|body|title|meta|pre|code|"
    r"table|tbody|thead|tr|td|th|hr|img|link|center|font|blockquote|section|article|header|footer|nav|main|"
    r"dl|dt|dd|sup|sub|small|tt|u|big|address|cite|abbr|kbd|var|picture|source|details|summary)\b[^<>]{0,800}>"
    r"|<!doctype[^<>]{0,300}>|&(?:[a-z]{2,8}|\#[0-9]{1,6}|\#x[0-9a-f]{1,6});"
)
_ANCHOR = re.compile(r"(?m)^(#{1,6}[ \t][^\n]{0,200}?)\{#[\w.:-]{1,80}\}[ \t]*$")
"""The name that some Markdown gives to a heading."""
_RTF = re.compile(r"\\(?:'[0-9a-f]{2}|[a-z]{1,32}-?[0-9]{0,10} ?|[^a-z])|[{}]")


def without_markup(text: str) -> str:
    """Return the text with every mark replaced by as many spaces."""
    if text.startswith("{\\rtf"):
        return _RTF.sub(_spaces, text)
    if "{#" in text:
        text = _ANCHOR.sub(lambda found: found[1] + " " * (len(found[0]) - len(found[1])), text)
    if "<" not in text and "&" not in text:
        return text
    for name in ("script", "style"):
        text = _without_content(text, name)
    return _TAG.sub(_spaces, text)


def _without_content(text: str, name: str) -> str:
    """Blank out what stands between an opening and a closing mark."""
    lowered = text.lower()
    if len(lowered) != len(text):
        return text
    pieces, at = [], 0
    while (start := lowered.find(f"<{name}", at)) >= 0 and (end := lowered.find(f"</{name}", start)) >= 0:
        pieces += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*pieces, text[at:]])


def _spaces(found: re.Match[str]) -> str:
    return " " * (found.end() - found.start())
