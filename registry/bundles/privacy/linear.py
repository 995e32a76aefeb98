"""Reads scripts of languages without a grammar here, and code too large for one, line by line.

A host reaches a call when one stands before it, or when a call names the variable it was put into.
Memory is one window; time grows with the length.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from registry.bundles.privacy.decoding import lines_of
from registry.bundles.privacy.evidence import Level, excerpt_of
from registry.bundles.privacy.mentions import TOLD_NAMES, is_in_sentence
from registry.bundles.privacy.names import hosts_in
from registry.bundles.privacy.sightings import Sighting, seen
from registry.bundles.privacy.sinks import names_host, reaches_network

HASH = frozenset(
    {"py", "pys", "sh", "bash", "toml", "ini", "cfg", "conf", "rb", "pl", "ps1", "yml", "yaml", "properties"}
)
MOST_SIGHTINGS_A_FILE = 5000
MOST_QUOTED_A_FILE = 50_000
#: A call by its dotted name; where a name does not fit, none of its tails is tried.
_CALL = re.compile(r"(?<![\w$])(?<![\w$\]]\.)([A-Za-z_$][\w$.]{0,120}+)\s?\(")
_COMMAND = re.compile(r"\b(?:curl|wget|Invoke-WebRequest|iwr|aria2c|git clone) |\bsrc ?=|@import |\burl\(")
_OTHER_CALLS = re.compile(
    r"(^|\.)(open|import|URL|dofile|SetUrl|roUrlTransfer|curl_\w+|connect)$|^vlc\.stream$"
)
#: What a script says to people on a line of its own, not handed on.
_SAID = re.compile(r"^\s*(?:echo|printf|print|puts|Write-(?:Host|Output)|say)\b[^|>`$]*$")
_QUOTED = re.compile(r"[\"'`]([^\"'`\s]{6,400})[\"'`]")
_ASSIGNED = re.compile(
    r"([A-Za-z_$][\w$]{0,60})[\"']?(?:\s?:\s?[\w.<>\[\]]{1,40})?\s{0,4}(?:[:=]|:=|=>)\s{0,4}(?:[frbu]?[\"'`]|\$?\()?\s{0,4}$"
)
_WORD = re.compile(r"[A-Za-z_$][\w$]{1,60}")
#: What a shell script puts into a variable in one word, and where it takes it out again.
_SHELL_PUT = re.compile(
    r"^\s*(?:export |local |readonly )?\s*([A-Za-z_]\w{0,60})=([\"']?)([^\s\"'`;&|()]{1,300})\2\s*;?\s*$"
)
_SHELL_TAKEN = re.compile(r"\$(?:([A-Za-z_]\w{0,60})|\{([A-Za-z_]\w{0,60})(?::?-[^{}$]{0,100})?\})")
MOST_VARIABLES, MOST_TAKEN_A_LINE = 1000, 40
_LINE_COMMENT = re.compile(r"^\s*(?:#|//|\*|--|;|'|REM\s|<!--|/\*)", re.IGNORECASE)


def read_lines(path: str, pieces: Iterable[bytes]) -> list[Sighting]:
    """Return the hosts of a script."""
    return LinearLook(path).over(pieces)


class LinearLook:
    """One look: what was seen, which variable holds it, and which words calls are given."""

    def __init__(self, path: str) -> None:
        self._path = path
        last = path.rpartition("/")[2].lower()
        self._shell = last.endswith((".sh", ".bash")) or "." not in last
        self._hash = self._shell or last.rpartition(".")[2] in HASH
        self._variables: dict[str, str] = {}
        self._found: list[Sighting] = []
        self._held: defaultdict[str, list[int]] = defaultdict(list)
        self._given: set[str] = set()
        self._block = False
        self._quoted_left = MOST_QUOTED_A_FILE
        self._plain: set[str] = set()

    def over(self, pieces: Iterable[bytes]) -> list[Sighting]:
        """Look at the whole file."""
        for number, line in lines_of(pieces):
            code = self._without_comments(line)
            if code.strip() and len(self._found) < MOST_SIGHTINGS_A_FILE:
                self._look(number, self._spelled(code) if self._shell else code)
        for name in self._given & self._held.keys():
            for at in self._held[name]:
                self._found[at] = replace(self._found[at], level=Level.E2)
        return self._found

    def _without_comments(self, line: str) -> str:
        """Cut what is comment; the end of a block that spans lines is looked for."""
        if self._block:
            end = line.find("*/")
            if end < 0:
                return ""
            self._block, line = False, line[end + 2 :]
        if _LINE_COMMENT.match(line) and not line.lstrip().startswith("/*"):
            return ""
        start = -1 if self._hash else line.find("/*")
        if start >= 0 and line[start - 1 : start] not in ('"', "'", "/", "*"):
            end = line.find("*/", start + 2)
            self._block = end < 0
            line = line[:start] + (line[end + 2 :] if end >= 0 else "")
        mark = " #" if self._hash else " // "
        return line.partition(mark)[0] if mark in line else line

    def _spelled(self, code: str) -> str:
        """Return a line of a shell script with what its variables hold; keep what it puts into one."""
        spelled = _SHELL_TAKEN.sub(self._held_by, code, count=MOST_TAKEN_A_LINE) if "$" in code else code
        put = _SHELL_PUT.match(spelled) if "=" in spelled else None
        if put and len(self._variables) < MOST_VARIABLES:
            self._variables[put[1]] = put[3]
        return spelled

    def _held_by(self, taken: re.Match[str]) -> str:
        return self._variables.get(taken[1] or taken[2], taken[0])

    def _look(self, number: int, code: str) -> None:
        has_text = '"' in code or "'" in code or "`" in code
        if ("(" in code or has_text) and len(self._given) < MOST_QUOTED_A_FILE:
            for call in _calls_in(code):
                self._given.update(_WORD.findall(code[call : call + 200]))
        if "//" in code or "/\\/" in code:
            for named in hosts_in(code):
                self._keep(number, code, named_text(code, named.at), named.at)
        if has_text:
            self._quoted(number, code)

    def _quoted(self, number: int, code: str) -> None:
        """Look at string literals without a scheme: bare names, base64, hex."""
        for match in _QUOTED.finditer(code):
            if self._quoted_left <= 0:
                return
            if match[1] not in self._plain and "//" not in match[1]:
                self._quoted_left -= 1
                self._plain.add(match[1])
                if hosts_in(match[1]):
                    self._keep(number, code, match[1], match.start() + 1)

    def _keep(self, number: int, code: str, text: str, at: int) -> None:
        """Add the hosts of a text at ``at``, told by what stands before it."""
        before = code[max(0, at - 120) : at]
        assigned = _ASSIGNED.search(before)
        if (assigned and TOLD_NAMES.match(assigned[1])) or "User-Agent" in before[-60:]:
            return
        called = any(True for _ in _calls_in(before)) or _COMMAND.search(before)
        level = Level.E2 if called else Level.E1
        if not called and (is_in_sentence(before) or (self._shell and _SAID.match(code))):
            return
        shown = excerpt_of(code, at)
        sure = True if assigned and names_host(assigned[1]) else None
        for sighting in seen(text, path=self._path, line=number, level=level, shown=shown, sure=sure):
            if assigned:
                self._held[assigned[1]].append(len(self._found))
            self._found.append(sighting)


def _calls_in(code: str) -> Iterator[int]:
    """Yield where the arguments of each call over the network begin."""
    for call in _CALL.finditer(code):
        if _is_network(call[1]):
            yield call.end()
    for command in _COMMAND.finditer(code) if "curl" in code or "wget" in code else ():
        yield command.end()


@lru_cache(maxsize=4096)
def _is_network(callee: str) -> bool:
    return reaches_network(callee) or bool(_OTHER_CALLS.search(callee))


def named_text(code: str, at: int) -> str:
    """Return the address that begins at ``at``, without what follows it."""
    return re.split(r"[\s\"'`<>)]", code[at : at + 400].lstrip("\"'"), maxsplit=1)[0]
