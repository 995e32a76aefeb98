"""``privacy_of``: static evidence from a bundle's bytes; nothing in it runs, nothing is fetched.

Each file is read once, as a stream, by the reader of its sort. Code up to a size is parsed, what is
larger is scanned line by line; what is left out beyond the bounds is said as a finding.
"""

import re
import struct
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain

from registry.bundles.archive.base import Bundle, Entry
from registry.bundles.findings import Finding, Severity
from registry.bundles.limits import DEFAULT_LIMITS, MIB, Limits
from registry.bundles.privacy.assemblies import read_assembly
from registry.bundles.privacy.decoding import as_text
from registry.bundles.privacy.evidence import Evidence, Level, PrivacyEvidence, excerpt_of
from registry.bundles.privacy.facts import SourceFacts, Text
from registry.bundles.privacy.flow import Flow
from registry.bundles.privacy.gathering import MOST_PLACES, Gathered
from registry.bundles.privacy.kinds import Sort, is_spoken_only, sort_of
from registry.bundles.privacy.linear import read_lines
from registry.bundles.privacy.markup import read_json, read_markup, read_yaml
from registry.bundles.privacy.matching import matches_in, matches_in_names
from registry.bundles.privacy.programs import LARGEST_ASSEMBLY, sightings_of, strings_of
from registry.bundles.privacy.references import References
from registry.bundles.privacy.sightings import Sighting, seen
from registry.bundles.privacy.specials import capabilities_of, user_set_in
from registry.bundles.privacy.syntax import read_source

#: Code of one file, and of all files, that is parsed; more is scanned.
PARSED_FILE_BYTES = 512 * 1024
PARSED_BYTES = 8 * MIB
#: Assignments, calls, names and texts of all files together: some two hundred bytes each.
MOST_FACTS = 800_000
WHOLE_TEXT_BYTES = 2 * MIB
#: Of a larger file so much is searched for signatures; hosts are looked for in all of it.
SIGNATURE_BYTES = 8 * MIB
#: Of all files together so much is looked at.
LOOKED_AT_BYTES = 256 * MIB
#: Processor time after which no further file is begun; less where the process has little.
LOOKING_S = 20.0
SHARE_OF_CPU = 1 / 3
_CODE = frozenset({Sort.PYTHON, Sort.JAVASCRIPT, Sort.SCRIPT})
#: What readers may raise over a stranger's bytes. A refused bundle (BundleRejected) is none of it.
STUMBLES = (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, RecursionError, struct.error)
MOST_STUMBLES = 20
TRACE_LETTERS = 4000
#: Referred code may refer to more.
MOST_ROUNDS = 5
_LANGUAGES = {Sort.PYTHON: "python", Sort.JAVASCRIPT: "javascript"}
_WHOLE: dict[Sort, Callable[[str, str], Iterator[Sighting]]] = {
    Sort.MARKUP: read_markup,
    Sort.YAML: read_yaml,
    Sort.JSON: read_json,
}


def evidence_in(bundle: Bundle, limits: Limits = DEFAULT_LIMITS) -> PrivacyEvidence:
    """Return what was found, without what ``privacy.toml`` says. Raises BundleRejected for bad archives."""
    look = Look(bundle, limits)
    for entry in bundle.entries:
        look.at(entry)
    return look.result()


class Look:
    """One look at a bundle; ``left`` bytes may still be read, ``parsed_left`` parsed."""

    def __init__(self, bundle: Bundle, limits: Limits) -> None:
        self._bundle = bundle
        self._left = min(LOOKED_AT_BYTES, limits.unpacked_bytes)
        self._parsed_left = PARSED_BYTES
        self._facts_left = MOST_FACTS
        self._gathered = Gathered()
        self._sources: list[SourceFacts] = []
        self._unread: list[str] = []
        self._gave_up = False
        self._stumbled: list[tuple[str, Exception]] = []
        self._references = References()
        self._spoken: list[tuple[Entry, Sort]] = []
        self._until_s = time.process_time() + min(LOOKING_S, limits.cpu_s * SHARE_OF_CPU)

    def at(self, entry: Entry) -> None:
        """Look at one file."""
        path = entry.name
        if entry.size_bytes > self._left or self._late():
            self._unread.append(path)
            return
        pieces = self._bundle.stream(path)
        first = next(pieces, b"")
        sort = sort_of(path, first)
        for code, evidence in capabilities_of(path, first, sort):
            self._gathered.trace("capability", code, evidence)
        if sort is Sort.SILENT:
            return
        if not is_spoken_only(path):
            self._begin(entry, sort, chain((first,), pieces))
        elif sort in _CODE:
            self._spoken.append((entry, sort))

    def _at_referred(self) -> None:
        """Look at code in folders of tests and documents that other code refers to."""
        for _ in range(MOST_ROUNDS):
            rest = [each for each in self._spoken if not self._references.name(each[0].name)]
            if len(rest) == len(self._spoken):
                return
            referred, self._spoken = [each for each in self._spoken if each not in rest], rest
            for entry, sort in referred:
                self._begin(entry, sort, self._bundle.stream(entry.name))

    def _begin(self, entry: Entry, sort: Sort, pieces: Iterator[bytes]) -> None:
        """Read a file; one that its reader stumbles over costs no other file."""
        if entry.size_bytes > self._left or self._late():
            self._unread.append(entry.name)
            return
        self._left -= entry.size_bytes
        try:
            self._read(entry.name, sort, entry.size_bytes, pieces)
        except STUMBLES as error:
            self._stumbled.append((entry.name, error))

    def _read(self, path: str, sort: Sort, size: int, pieces: Iterator[bytes]) -> None:
        if sort is Sort.PROGRAM:
            self._program(path, size, pieces)
        elif sort in _LANGUAGES and size <= PARSED_FILE_BYTES and self._may_parse(size):
            self._parse(path, b"".join(pieces), _LANGUAGES[sort])
        elif size <= WHOLE_TEXT_BYTES:
            self._whole(path, as_text(b"".join(pieces)), sort)
        else:
            self._gathered.add_all(read_lines(path, self._watched(path, pieces)))

    def _late(self) -> bool:
        return time.process_time() > self._until_s

    def _may_parse(self, size: int) -> bool:
        """Say whether there is room for the facts of one more file; without it code is read by line."""
        may = size <= self._parsed_left and self._facts_left > 0
        self._gave_up = self._gave_up or not may
        return may

    def _parse(self, path: str, content: bytes, language: str) -> None:
        self._parsed_left -= len(content)
        text = as_text(content)
        self._sources.append(read_source(path, text.encode(), language))
        self._facts_left -= self._sources[-1].weight()
        self._signatures(path, text)

    def _whole(self, path: str, text: str, sort: Sort) -> None:
        reader = _WHOLE.get(sort)
        if reader:
            self._gathered.add_all(reader(path, text))
        else:
            self._gathered.add_all(read_lines(path, [text.encode()]))
        self._signatures(path, text)

    def _signatures(self, path: str, text: str) -> None:
        self._references.add(text)
        for match in matches_in(path, text):
            self._gathered.match(match)
        for evidence in user_set_in(path, text):
            self._gathered.trace("user_set", "address", evidence)

    def _watched(self, path: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Pass a large file on, with signatures looked for piece by piece."""
        line, kept, left = 1, "", SIGNATURE_BYTES
        for piece in pieces:
            left -= len(piece)
            if self._late():
                self._unread.append(path)
                return
            if left < 0:
                yield piece
                continue
            text = kept + piece.decode("utf-8", "replace")
            for match in matches_in(path, text, first_line=line):
                self._gathered.match(match)
            kept = text[-200:]
            line += text.count("\n") - kept.count("\n")
            yield piece

    def _program(self, path: str, size: int, pieces: Iterator[bytes]) -> None:
        if path.lower().endswith((".dll", ".exe")) and size <= LARGEST_ASSEMBLY:
            content = b"".join(pieces)
            assembly = read_assembly(content)
            if assembly is not None:
                self._gathered.add_all(assembly.sightings(path))
                for match in matches_in_names(path, assembly.names()):
                    self._gathered.match(match)
                return
            pieces = iter((content,))
        strings = strings_of(pieces)
        self._gathered.add_all(sightings_of(path, strings))
        for match in matches_in_names(path, sorted(strings.traces)):
            self._gathered.match(match)
        for name in sorted(strings.traces):
            if name.startswith("android.permission."):
                self._gathered.trace("capability", name, Evidence(path, None, name))

    def result(self) -> PrivacyEvidence:
        """Follow texts through all code that was parsed, and add everything up."""
        self._at_referred()
        self._follow()
        found = self._gathered
        return PrivacyEvidence(
            hosts=found.hosts(),
            vendored=found.vendored(),
            local=found.local(),
            user_set=found.traces("user_set"),
            data=found.traces("data"),
            capabilities=found.traces("capability"),
            findings=tuple(self._remarks()),
        )

    def _follow(self) -> None:
        flow = Flow(self._sources)
        reached = flow.reached()
        self._gave_up = self._gave_up or flow.gave_up
        for number, line in flow.run_after_fetching():
            source = self._sources[number]
            place = Evidence(source.path, line, source.line(line))
            self._gathered.trace("capability", "runs_downloaded_code", place)
        for number, source in enumerate(self._sources):
            times: Counter[tuple[str, Level, bool]] = Counter()  # the same text in one file again and again
            for text in source.texts:
                level = Level.E2 if text in reached else Level.E1
                if text.told and level is Level.E1:
                    continue
                for variant in filter(_MAYBE.search, flow.variants(number, text)):
                    times[variant, level, text.as_host] += 1
                    if times[variant, level, text.as_host] <= MOST_PLACES:
                        self._gathered.add_all(_lazily(source, variant, text, level))

    def _remarks(self) -> Iterator[Finding]:
        if self._unread:
            yield Finding(
                "privacy.not_all_read",
                Severity.WARNING,
                f"{len(self._unread)} files, {self._unread[0]} first, were not searched to their end: "
                "there is too much to read.",
                "Leave large data out of the bundle, or tell a moderator what they are.",
                self._unread[0],
            )
        for path, error in self._stumbled[:MOST_STUMBLES]:
            yield Finding(
                "privacy.not_read",
                Severity.WARNING,
                f"{path} could not be searched: its reader stopped with {type(error).__name__}.",
                "See whether the file is whole; if it is, tell the operator.",
                path,
                private={"trace": "".join(traceback.format_exception(error))[-TRACE_LETTERS:]},
            )
        if self._gave_up:
            yield Finding(
                "privacy.not_all_followed",
                Severity.WARNING,
                "There is more code, or names have more meanings, than is followed from one to the next; the "
                "rest was looked at line by line.",
                "Ship the code as it was written, and leave out what the plug-in does not need.",
            )
        if self._gathered.overflowed:
            yield Finding(
                "privacy.too_many_hosts",
                Severity.WARNING,
                "More host names than can be shown were found; the rest is not listed.",
                "Fetch long lists of hosts from where they are kept, or tell a moderator what they are.",
            )


_ADDRESS_ALONE = re.compile(r"\s*[A-Za-z\0]{0,10}:?//[^\s]+\s*$|[A-Za-z0-9+/_=-]{12,}$")
_MAYBE = re.compile(r"\.|//|^[A-Za-z0-9+/_-]{12,}={0,2}$")


def _lazily(source: SourceFacts, variant: str, text: Text, level: Level) -> Iterator[Sighting]:
    """Yield the hosts of a text that may hold one; only then is its line cut out of the source."""
    if text.told and not _ADDRESS_ALONE.match(variant):  # a name or a sentence that goes along
        level = Level.E1
    sure = text.as_host or "//" in variant
    found = list(seen(variant, path=source.path, line=text.line, level=level, shown="", sure=sure))
    if not found:
        return
    at = text.at
    around = source.source[max(0, at - 400) : at + 600]
    start = len(source.source[max(0, at - 400) : at].decode("utf-8", "replace"))
    shown = excerpt_of(around.decode("utf-8", "replace"), start)
    for sighting in found:
        evidence = Evidence(source.path, text.line, shown)
        yield Sighting(sighting.host, sighting.level, evidence, local=sighting.local)
