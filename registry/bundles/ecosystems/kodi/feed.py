"""Kodi's feed: one list of everything, one a series, and the repository add-on.

Each list is ``addons.xml`` and ``addons.xml.gz``, each with its ``.sha256``. Artifacts, their
``.sha256`` and pictures are served beside them by the web layer (see ``addresses``).
"""

import gzip
import hashlib
from collections.abc import Iterator, Mapping, Sequence

from registry.bundles.ecosystems.base import FeedEntry, FeedFile, Site
from registry.bundles.ecosystems.kodi.addresses import (
    ROOT,
    picture_path,
    side_file,
    zip_headers,
    zip_path,
)
from registry.bundles.ecosystems.kodi.markup import element, text
from registry.bundles.ecosystems.kodi.repository_addon import (
    icon,
    repository_element,
    repository_id,
    repository_version,
    repository_zip,
)
from registry.bundles.ecosystems.kodi.series import SERIES, series_of
from registry.bundles.ecosystems.offers import whose

XML, GZIP, TEXT, ZIP, PNG = (
    "text/xml; charset=utf-8",
    "application/gzip",
    "text/plain; charset=utf-8",
    "application/zip",
    "image/png",
)
# Kodi looks once a day unless the checksum's answer says otherwise; one hour is the least it takes.
RECHECK = {"X-Kodi-Recheck-After": "3600"}
_OPENING = b'<?xml version="1.0" encoding="UTF-8"?>\n<addons>\n'
_CLOSING = b"</addons>\n"
_DEFAULT_LANGUAGE = "en_GB"
#: The languages of notices as Kodi names them.
_LOCALES = {"de_DE": "de", "fr_FR": "fr", "es_ES": "es", "it_IT": "it", "nl_NL": "nl"}


def render(entries: Sequence[FeedEntry], site: Site) -> list[FeedFile]:
    """Return every file of the feed. Entries that run on no series are in the list of all only.

    Left out is whatever poses as the feed's own repository add-on.
    """
    package, own = repository_zip(site), repository_id(site)
    repository = repository_element(site, size_bytes=len(package)).encode() + b"\n"
    every, placed = [repository], {series.name: [repository] for series in SERIES}
    others = (entry for entry in entries if entry.identifier.lower() != own)
    for entry in sorted(others, key=lambda entry: (entry.identifier, entry.version)):
        rendered = entry_element(entry).encode() + b"\n"
        every.append(rendered)
        for name in series_of(tuple(map(tuple, entry.facts["parts"]))):
            placed[name].append(rendered)
    return [
        *_index(ROOT, every),
        *(file for name, listed in placed.items() for file in _index(f"{ROOT}/{name}", listed)),
        *_repository_files(site, package),
    ]


def entry_element(entry: FeedEntry) -> str:
    """Return a release's ``<addon>``: the bundle's own words, and what only a repository says."""
    facts = entry.facts
    return "".join(
        (
            facts["head"],
            f"<size>{entry.size_bytes}</size>",
            element("path", zip_path(entry.identifier, entry.version)),
            element("license", entry.license) if entry.license else "",
            *_disclaimers(entry, facts["disclaimers"]),
            _assets(entry),
            facts["tail"],
        )
    )


def _disclaimers(entry: FeedEntry, declared: Mapping[str, str]) -> Iterator[str]:
    """Yield a disclaimer a language, since Kodi shows only that of its own, else English."""
    if entry.first_party:
        yield from (element("disclaimer", words, lang=code) for code, words in declared.items())
        return
    told = {code: "" for code, language in _LOCALES.items() if language in entry.notice}
    for code, words in ({_DEFAULT_LANGUAGE: ""} | told | dict(declared)).items():
        notice = whose(entry, code.partition("_")[0])
        yield element("disclaimer", f"{words}\n\n{notice}" if words else notice, lang=code)


def _assets(entry: FeedEntry) -> str:
    pictures = "".join(
        f"<{tag}>{text(picture_path(entry.version, role, address))}</{tag}>"
        for role, address in entry.pictures.items()
        for tag in (role.partition("-")[0],)
    )
    return f"<assets>{pictures}</assets>"


def _index(folder: str, elements: Sequence[bytes]) -> Iterator[FeedFile]:
    body = b"".join((_OPENING, *elements, _CLOSING))
    packed = gzip.compress(body, compresslevel=4, mtime=0)
    for name, content_type, content in (
        ("addons.xml", XML, body),
        ("addons.xml.gz", GZIP, packed),
    ):
        digest = hashlib.sha256(content).hexdigest()
        yield FeedFile(f"{folder}/{name}", content_type, content)
        yield FeedFile(f"{folder}/{name}.sha256", TEXT, side_file(digest), RECHECK)


def _repository_files(site: Site, package: bytes) -> Iterator[FeedFile]:
    identifier, version = repository_id(site), repository_version(site)
    digest = hashlib.sha256(package).hexdigest()
    path = f"{ROOT}/{zip_path(identifier, version)}"
    for name in (path, f"{ROOT}/{identifier}.zip"):
        yield FeedFile(name, ZIP, package, zip_headers(digest))
    yield FeedFile(f"{path}.sha256", TEXT, side_file(digest))
    yield FeedFile(f"{ROOT}/{identifier}/icon.png", PNG, icon())
