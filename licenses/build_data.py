"""Write the package's copy of SPDX's list from a folder of its ``json/details`` files.

``python -m licenses.build_data FOLDER`` is run by a maintainer when the list has a new version; what
it writes is committed, so that nothing is fetched or compiled when Marquee runs.
"""

import array
import json
import lzma
import re
import sys
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from licenses.shingles import SIZE, hashes, sampled
from licenses.words import cut

DATA = Path(__file__).parent / "data"
_PIECE = re.compile(r"<<(beginOptional|endOptional|var;)(.*?)>>", re.DOTALL)
_ORIGINAL = re.compile(r'original="(.*?)";\s*match="', re.DOTALL)
_MATCH = re.compile(r'match="(.*)"$', re.DOTALL)
_WORDED = re.compile(r"[Nn]either.*\.\+|\.\+.*may")
_BULLETS = {".{0,20}", "-{1,2}", "-*", "#*", "[.,]*"}


def main(folder: Path) -> None:
    """Write ``spdx.json``, ``texts.json.xz``, ``templates.zip`` and ``shingles.bin``."""
    details = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    licenses = [one for one in details if isinstance(one, dict) and "licenseId" in one]
    exceptions = [one for one in details if isinstance(one, dict) and "licenseExceptionId" in one]
    version = json.loads((folder / "licenses.json").read_text("utf-8"))
    _write_list(licenses, exceptions, f"{version['licenseListVersion']} ({version['releaseDate'][:10]})")
    texts = {one["licenseId"]: one["licenseText"] for one in licenses}
    texts |= {one["licenseExceptionId"]: one["licenseExceptionText"] for one in exceptions}
    texts |= {path.stem.removeprefix("text "): _plain(path) for path in (DATA / "extra").glob("text *")}
    packed = lzma.compress(json.dumps(texts, ensure_ascii=False).encode(), preset=9 | lzma.PRESET_EXTREME)
    (DATA / "texts.json.xz").write_bytes(packed)
    _write_templates(list(_compiled(licenses, exceptions)))


def _write_list(licenses: list[Any], exceptions: list[Any], version: str) -> None:
    rows = {
        one["licenseId"]: [
            one["name"],
            "o" * one["isOsiApproved"]
            + "f" * one.get("isFsfLibre", False)
            + "d" * one["isDeprecatedLicenseId"],
        ]
        for one in licenses
    }
    names = {one["licenseExceptionId"]: one["name"] for one in exceptions}
    whole = {"version": version, "licenses": rows, "exceptions": names}
    (DATA / "spdx.json").write_text(json.dumps(whole, ensure_ascii=False, indent=0) + "\n", "utf-8")


def _plain(path: Path) -> str:
    """Return a template as the text that it describes."""
    filled = re.sub(r'<<var;.*?original="(.*?)";.*?>>', r"\1", path.read_text("utf-8"))
    return re.sub(r"<<\w+>>", "", filled)


def _compiled(licenses: list[Any], exceptions: list[Any]) -> Iterator[tuple[str, str]]:
    for one in licenses:
        if one["isDeprecatedLicenseId"]:
            continue
        for words in variants(one["standardLicenseTemplate"]):
            yield f"text {one['licenseId']}", words
        if header := one.get("standardLicenseHeaderTemplate") or one.get("standardLicenseHeader"):
            yield f"header {one['licenseId']}", compiled(header)
    for one in exceptions:
        if not one["isDeprecatedLicenseId"]:
            template = one.get("licenseExceptionTemplate") or one["licenseExceptionText"]
            yield f"exception {one['licenseExceptionId']}", compiled(template)
    for path in sorted((DATA / "extra").glob("*.txt")):
        kind, _, name = path.stem.partition(" ")
        yield f"{kind} {name}", compiled(path.read_text("utf-8"))


def compiled(template: str, number: int = 0) -> str:
    """Return a template as words and marks.

    Between ``<o`` and ``o>`` stands what may be missing, between ``<v`` and ``v>`` what may be
    anything, between ``<e`` and ``e>`` what may be one of the wordings after each ``|``.
    """
    parts: list[str] = []
    at = 0
    for piece in _PIECE.finditer(template):
        parts += cut(template[at : piece.start()]).words
        at = piece.end()
        if piece[1] == "var;":
            parts += _variable(piece[2], number)
        else:
            parts.append("<o" if piece[1] == "beginOptional" else "o>")
    parts += cut(template[at:]).words
    return " ".join(parts)


def variants(template: str) -> list[str]:
    """Return a template once for each wording of those sentences that may be worded in several ways.

    “Neither the name of … may be used” is such a sentence: its names are free, its sense is not.
    """
    sentences = [found for found in map(_sentence, _PIECE.finditer(template)) if found]
    count = max(map(len, sentences), default=1)
    return list(dict.fromkeys(compiled(template, number) for number in range(count)))


def _sentence(piece: re.Match[str]) -> list[str]:
    """Return the wordings of a replaceable sentence, each as a template of its own."""
    match = _MATCH.search(piece[2])
    if match is None or not _WORDED.search(match[1]):
        return []
    wordings = []
    for wording in re.split(r"\)?\|\(?(?![^()]*\)[^(]*may)", match[1].strip("()")):
        plain = re.sub(r"\\s[+*]|\\", " ", wording).strip("() ")
        plain = re.sub(r"(\w+)s\?", r'<<var;original="\1";match="\1|\1s">>', plain)
        plain = re.sub(r"\((\w+)\|(\w+)\)?", r'<<var;original="\1";match="\1|\2">>', plain)
        wordings.append(re.sub(r"\.[+*]", ' <<var;original="x";match=".+">> ', plain))
    return wordings


def _variable(body: str, number: int) -> list[str]:
    match = _MATCH.search(body)
    original = _ORIGINAL.search(body)
    if match is None or original is None or match[1] in _BULLETS:
        return []
    if worded := _sentence(_PIECE.match(f"<<var;{body}>>") or match):
        return compiled(worded[number % len(worded)]).split()
    words = cut(original[1]).words
    wordings = [" ".join(cut(re.sub(r"\\s[+*]|\\", " ", one)).words) for one in match[1].split("|")]
    if re.search(r"[.\]][*+{]|[()?\[]", match[1]):
        return ["<v", *words, "v>"]
    return ["<e", *words, *(word for one in wordings for word in ("|", *one.split())), "e>"]


def _write_templates(templates: list[tuple[str, str]]) -> None:
    groups: dict[str, list[str]] = defaultdict(list)
    first = dict(reversed(templates))
    for name, words in templates:
        only = name.replace("-or-later", "-only")
        shared = name.startswith("text ") and only != name and only in first
        groups[first[only] if shared else words].append(name)
    with zipfile.ZipFile(DATA / "templates.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number, words in enumerate(groups):
            entry = zipfile.ZipInfo(str(number), (2026, 1, 1, 0, 0, 0))
            archive.writestr(entry, words, zipfile.ZIP_DEFLATED, 9)
        names = json.dumps(list(groups.values()))
        archive.writestr(zipfile.ZipInfo("names.json", (2026, 1, 1, 0, 0, 0)), names, zipfile.ZIP_DEFLATED)
    _write_shingles(list(groups))


def _write_shingles(templates: list[str]) -> None:
    owners: dict[int, set[int]] = defaultdict(set)
    counts = []
    for number, words in enumerate(templates):
        chosen = sampled(_fixed(words))
        counts.append(len(chosen))
        for one in chosen:
            owners[one].add(number)
    distinct = dict.fromkeys(tuple(sorted(owner)) for owner in owners.values())
    groups = {owner: number for number, owner in enumerate(distinct)}
    keys = array.array("I", owners)
    values = array.array("H", (groups[tuple(sorted(owner))] for owner in owners.values()))
    lengths = array.array("H", (len(owner) for owner in groups))
    members = array.array("H", (one for owner in groups for one in owner))
    head = array.array("I", (len(keys), len(lengths), len(members), len(counts)))
    body = b"".join(a.tobytes() for a in (head, keys, values, lengths, members, array.array("H", counts)))
    (DATA / "shingles.bin").write_bytes(zlib.compress(body, 9))


def _fixed(words: str) -> list[int]:
    """Hash every run of words that must stand together, in one list."""
    found: list[int] = []
    for run in _without_optional(re.sub(r"<v.*?v>|<e.*?e>", "|", words)).split("|"):
        part = run.split()
        if len(part) >= SIZE:
            found += hashes(part)
    return found


def _without_optional(words: str) -> str:
    kept = []
    depth = 0
    for word in words.split():
        depth += {"<o": 1, "o>": -1}.get(word, 0)
        kept.append("|" if depth or word == "o>" else word)
    return " ".join(kept)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
