"""Policy pages for tests: one policy in many markups, and another in meaning."""

SENTENCES = [
    "Lantern sends the titles of your films to our server to find their pictures.",
    "We keep them for 30 days and then delete them.",
    "We share nothing with anybody and show no advertising.",
]
OTHERS = [SENTENCES[0], "We keep them for 365 days and then sell them.", SENTENCES[2]]


def plain(sentences: list[str] = SENTENCES) -> bytes:
    """The smallest page."""
    paragraphs = "".join(f"<p>{each}</p>" for each in sentences)
    return f"<!doctype html><html><body><h1>Privacy of Lantern</h1>{paragraphs}</body></html>".encode()


def dressed(sentences: list[str] = SENTENCES, *, updated: str = "1 May 2026") -> bytes:
    """The same words in a page as sites have it: menus, banners, scripts, a footer with dates."""
    spans = "".join(
        f"<div class='row x'><span>{each.replace(' ', '  ')}</span>\n\n</div>" for each in sentences
    )
    return f"""<!doctype html><html lang=en><head><title>Lantern</title><style>p {{}}</style>
    <script>var words = "We sell everything";</script></head><body class="page">
    <header><a href="/">Lantern</a></header><nav><ul><li><a href=/>Home</a><li><a href=/shop>Shop now</a></ul></nav>
    <div class="cookie-banner">We use cookies on this page. <button>Accept all</button></div>
    <ul class=links><li><a href=a>Films</a></li><li><a href=b>Series</a></li><li><a href=c>Music</a></li></ul>
    <main id=content><!-- {updated} --><h1>Privacy of <em>Lantern</em></h1>{spans}
    <p>Last updated: {updated}</p></main>
    <form action=/search><input name=q> Search</form>
    <footer><p>© {updated[-4:]} Lantern Ltd. Call us 24 hours a day.</p></footer></body></html>""".encode()


def signing_in() -> bytes:
    """A sign-in page in place of the policy."""
    words = " ".join(["Please sign in to your account to read on."] * 5)
    return f"<html><body><p>{words}</p><form><input type='password'></form></body></html>".encode()
