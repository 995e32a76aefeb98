"""Finds code that people cannot see: text that a reader's eye skips and a program does not.

Trojan Source turns the direction of a line (bidirectional controls), GlassWorm writes its program
in variation selectors and private characters. Honest uses stay quiet: emoji, joiners in Persian and
Indic words, byte order marks outside of words, a few symbols of an icon font.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePosixPath

from registry.bundles.findings import Finding, Severity

CODE_SUFFIXES = frozenset(
    {
        *(".py", ".pyw", ".pyx", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".vue", ".svelte"),
        *(".html", ".htm", ".xhtml", ".svg", ".css", ".scss", ".less", ".php", ".rb", ".pl", ".pm"),
        *(".lua", ".sh", ".bash", ".zsh", ".bat", ".cmd", ".ps1", ".psm1", ".vbs", ".cs", ".fs"),
        *(".vb", ".java", ".kt", ".kts", ".groovy", ".gradle", ".go", ".rs", ".c", ".h", ".cc"),
        *(".cpp", ".hpp", ".m", ".mm", ".swift", ".dart", ".qml", ".brs", ".bs", ".xsl", ".xslt"),
    }
)
_DIRECTION = "\u202a-\u202e\u2066-\u2069"
_NO_WIDTH = "\u200b-\u200d\u2060-\u2064\u206a-\u206f\ufeff\u034f\u180e\u115f\u1160\u3164\uffa0"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef\U000e0001\U000e0020-\U000e007f"
#: A run of what nobody sees; private characters only in numbers that no icon font needs.
UNSEEN = re.compile(
    f"[{_DIRECTION}{_NO_WIDTH}{_SELECTORS}]+|[\ue000-\uf8ff]{{6,}}|[\U000f0000-\U0010fffd]{{3,}}"
)
_FLAG = re.compile("[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,7}\U000e007f")
_ONE_SELECTOR = re.compile("[\ufe0e\ufe0f\U000e0100-\U000e01ef]")
_BLACK_FLAG = "\U0001f3f4"
#: Enough to see what stands before a run and to join a run that a piece's border cuts.
_WINDOW_CHARACTERS = 64
MOST_FINDINGS_A_FILE = 5


def begin(path: str) -> "InvisibleScan | None":
    """Look at files of program text, and at files without a suffix that begin with ``#!``."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix and suffix not in CODE_SUFFIXES:
        return None
    return InvisibleScan(path, only_script=not suffix)


class InvisibleScan:
    """Decodes one file piece by piece and looks at each run of unseen characters."""

    def __init__(self, path: str, *, only_script: bool) -> None:
        self._path = path
        self._only_script = only_script
        self._decoder: codecs.IncrementalDecoder | None = None
        self._deaf = False
        self._text = ""
        self._looked = 0
        self._at_start = True
        self._line = 1
        self._found: list[Finding] = []

    def feed(self, piece: bytes) -> None:
        """Decode the piece and look at all of it but its end, which may be half a run."""
        if self._decoder is None:
            self._begin(piece)
        if self._decoder is not None and not self._deaf:
            self._text += self._decoder.decode(piece)
            self._look(len(self._text) - _WINDOW_CHARACTERS)

    def finish(self) -> Iterator[Finding]:
        """Look at the end and tell what was found, at most :data:`MOST_FINDINGS_A_FILE`."""
        self._look(len(self._text))
        yield from self._found[:MOST_FINDINGS_A_FILE]

    def _begin(self, piece: bytes) -> None:
        wide = piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        self._decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8")("replace")
        self._deaf = self._only_script and not piece.startswith(b"#!")

    def _look(self, end: int) -> None:
        """Look at runs that begin before ``end`` for the first time, then forget the past."""
        if not self._text.isascii():
            runs = (r for r in UNSEEN.finditer(self._text) if self._looked <= r.start() < end)
            suspects = (r for r in runs if not _is_honest(r, at_start=self._at_start))
            self._found += map(self._finding, islice(suspects, MOST_FINDINGS_A_FILE))
        past = max(end - _WINDOW_CHARACTERS, 0)
        self._line += self._text.count("\n", 0, past)
        self._at_start = self._at_start and not past
        self._text = self._text[past:]
        self._looked = max(end - past, 0)

    def _finding(self, run: re.Match[str]) -> Finding:
        line = self._line + run.string.count("\n", 0, run.start())
        first = run[0][0]
        name = unicodedata.name(first, "a private character")
        others = f" and {len(run[0]) - 1} more unseen characters" if len(run[0]) > 1 else ""
        return Finding(
            "scan.invisible_code",
            Severity.WARNING,
            f"Line {line} of {self._path} holds U+{ord(first):04X} ({name}){others}: "
            "a reader sees other code than the program runs.",
            "Remove the characters, or write them as escapes (\\u…); else a moderator looks at it.",
            self._path,
            line,
        )


def _is_honest(run: re.Match[str], *, at_start: bool) -> bool:
    text, unseen = run.string, run[0]
    before = text[run.start() - 1] if run.start() else ""
    after = text[run.end()] if run.end() < len(text) else ""
    if unseen == "\ufeff":
        return (at_start and not before) or not (before.isalnum() and after.isalnum())
    if before == _BLACK_FLAG and _FLAG.fullmatch(unseen):
        return True
    if _ONE_SELECTOR.fullmatch(unseen):
        return _may_vary(before)
    if unseen in {"\u200c", "\u200d", "\ufe0f\u200d"}:
        return _may_join(before) and _may_join(after)
    return False


def _may_vary(character: str) -> bool:
    """Say whether a selector after this has something to vary: a symbol or an ideograph."""
    if character in {*"#*0123456789"}:
        return True
    return ord(character or "a") > 0x7F and unicodedata.category(character)[0] in "SPL"


def _may_join(character: str) -> bool:
    """Say whether a joiner beside this has something to join: emoji, or letters beyond Latin."""
    return ord(character or "a") > 0x2FF and unicodedata.category(character)[0] in "SLM"
