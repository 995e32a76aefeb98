"""Finds keys and tokens that were packed by mistake; whoever downloads the bundle could use them.

Compiled files are looked at too: a secret in a ``.pyc`` or, as UTF-16, in a ``.dll`` is a secret.
The finding says where and which sort, and never repeats the secret. Libraries carry keys made up for
their own tests: what lies among tests and examples waits for a moderator, anything else refuses.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from registry.bundles.checks.own_tokens import OWN_TOKEN, is_own_token
from registry.bundles.findings import Finding, Severity

#: The longest match that a border between two pieces may cut.
WINDOW_BYTES = 1024
MOST_FINDINGS_A_FILE = 10
#: How files begin that keep text in two bytes a character: .NET and Windows programs, UTF-16.
WIDE_BEGINNINGS = (b"MZ", b"\xff\xfe", b"\xfe\xff")
_MADE_UP = re.compile(
    r"(^|/)(self)?(tests?|testing|examples?|docs?|fixtures?|samples?)(/|[._-])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of secret: ``marks`` are plain bytes, cheap to look for, that every match contains."""

    title: str
    marks: tuple[bytes, ...]
    pattern: re.Pattern[bytes]


OWN = Sort("an access token of this marketplace", (b"mq_",), OWN_TOKEN)
# In JSON and in source a key's line ends are written as \n.
_LINE_END = rb"(?:\s|\\[rn])+"
SORTS = (
    OWN,
    Sort(
        "a private key",
        (b"PRIVATE KEY",),
        re.compile(
            rb"-----BEGIN (?:[A-Z0-9]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
            + _LINE_END
            + rb"(?:(?:[A-Za-z-]{4,20}: [^\r\n\\]{1,100}"
            + _LINE_END
            + rb"){0,4}[A-Za-z0-9+/]{16}|[A-Za-z0-9+/=]{1,64}"
            + _LINE_END
            + rb"-----END )"
        ),
    ),
    Sort("a PuTTY private key", (b"PuTTY-User-Key-File-",), re.compile(rb"PuTTY-User-Key-File-\d: ")),
    Sort(
        "an AWS access key",
        (b"AKIA", b"ASIA"),
        re.compile(rb"(?<![A-Za-z0-9+/])A[KS]IA[0-9A-Z]{16}(?![A-Za-z0-9+/])"),
    ),
    Sort(
        "an AWS secret key",
        (b"aws_secret_access_key", b"AWS_SECRET_ACCESS_KEY"),
        re.compile(
            rb"(?i:aws_secret_access_key)[\"']?\s{0,4}[:=]\s{0,4}[\"']?"
            rb"[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])"
        ),
    ),
    Sort(
        "a GitHub token",
        (b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"github_pat_"),
        re.compile(rb"gh[pousr]_[A-Za-z0-9]{36}(?![A-Za-z0-9])|github_pat_[A-Za-z0-9_]{80}"),
    ),
    Sort("a GitLab token", (b"glpat-",), re.compile(rb"glpat-[A-Za-z0-9_-]{20}")),
    Sort("a Slack token", (b"xox",), re.compile(rb"xox[abprs]-\d{6,}-[A-Za-z0-9-]{10,}")),
    Sort("a Stripe key", (b"k_live_",), re.compile(rb"[sr]k_live_[A-Za-z0-9]{24}")),
    Sort("an npm token", (b"npm_",), re.compile(rb"npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])")),
    Sort("a PyPI token", (b"pypi-AgEI",), re.compile(rb"pypi-AgEI[A-Za-z0-9_-]{50}")),
    Sort(
        "an Azure storage key",
        (b"AccountKey=",),
        re.compile(rb"AccountKey=[A-Za-z0-9+/]{86}=="),
    ),
)
_MARKS = tuple((mark, sort) for sort in SORTS for mark in sort.marks)


def begin(path: str) -> "SecretScan":
    """Look at any file: none is of a type that cannot hold a secret."""
    return SecretScan(path)


class SecretScan:
    """Searches a file through a window that overlaps, so that no border hides a match."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._kept = b""
        self._wide: bool | None = None
        self._line = 1
        self._seen: set[bytes] = set()
        self._found: list[Finding] = []

    def feed(self, piece: bytes) -> None:
        """Search the piece together with the end of the one before."""
        if self._wide is None:
            self._wide = piece.startswith(WIDE_BEGINNINGS)
        window = self._kept + piece
        self._search(window)
        if self._wide:
            self._search(window.translate(None, b"\0"))
        self._line += window.count(b"\n", 0, max(len(window) - WINDOW_BYTES, 0))
        self._kept = window[-WINDOW_BYTES:]

    def finish(self) -> Iterator[Finding]:
        """Tell what was found, at most :data:`MOST_FINDINGS_A_FILE`."""
        yield from self._found[:MOST_FINDINGS_A_FILE]

    def _search(self, window: bytes) -> None:
        for mark, sort in _MARKS:
            if mark in window:
                self._search_for(sort, window)

    def _search_for(self, sort: Sort, window: bytes) -> None:
        for match in sort.pattern.finditer(window):
            secret = match[0]
            digest = hashlib.sha256(secret).digest()
            if digest not in self._seen and (sort is not OWN or is_own_token(secret)):
                self._seen.add(digest)
                line = self._line + window.count(b"\n", 0, match.start())
                self._found.extend(_findings(sort, digest, self._path, line))


def _findings(sort: Sort, digest: bytes, path: str, line: int) -> Iterator[Finding]:
    made_up = sort is not OWN and _MADE_UP.search(path)
    yield Finding(
        "scan.secret",
        Severity.WARNING if made_up else Severity.ERROR,
        f"{path} holds {sort.title} (line {line}), for everybody who downloads the bundle.",
        "Revoke it where it was issued, remove it from the file and pack the bundle again.",
        path,
        line,
    )
    if sort is OWN:
        yield Finding(
            "scan.own_token",
            Severity.ERROR,
            f"The token in {path} (line {line}) opens an account here and is revoked.",
            "Make a new token under Account and keep it outside the folder that you pack.",
            path,
            line,
            {"token_sha256": digest.hex()},
        )
