"""The add-on that makes Kodi read this registry: made by code, the same bytes for the same site.

Kodi reads an installed repository anew when its version grows: ``1.{LAYOUT}.{revision}``. Whoever
changes what is written here raises LAYOUT; whoever changes the site's address raises its revision.
"""

import io
import re
import zipfile
from functools import lru_cache
from importlib.resources import files

from registry.bundles.ecosystems.base import Site
from registry.bundles.ecosystems.kodi.addresses import base_url, zip_path
from registry.bundles.ecosystems.kodi.identifiers import OURS
from registry.bundles.ecosystems.kodi.markup import attribute_list, element
from registry.bundles.ecosystems.kodi.series import SERIES, Series

LAYOUT = 1
_LONGEST_HOST = 60
_EPOCH = (1980, 1, 1, 0, 0, 0)


def repository_id(site: Site) -> str:
    """Return the add-on's id; what Kodi's ids cannot hold of the host becomes a hyphen."""
    host = re.sub(r"\.{2,}", ".", re.sub(r"[^a-z0-9._]+", "-", site.host.lower()))
    return f"{OURS}{host.strip('-._')[:_LONGEST_HOST].strip('-._') or 'local'}"


def repository_version(site: Site) -> str:
    """Return the add-on's version, which grows with every change of its content."""
    return f"1.{LAYOUT}.{site.revision}"


def repository_element(site: Site, *, size_bytes: int | None = None) -> str:
    """Return the ``<addon>``, as in the zip, or with ``<size>`` and ``<path>`` as in the list."""
    identifier, version = repository_id(site), repository_version(site)
    title = f"{site.name} ({site.host})"
    head = {"id": identifier, "name": title, "version": version, "provider-name": site.name}
    return (
        f"<addon{attribute_list(head)}>"
        '<requires><import addon="xbmc.addon" version="12.0.0"/></requires>'
        f"<extension{attribute_list({'point': 'xbmc.addon.repository', 'name': title})}>"
        f"{''.join(_directory(site, series) for series in SERIES)}</extension>"
        f'<extension point="xbmc.addon.metadata">{_metadata(site)}'
        f"{_listed(identifier, version, size_bytes)}</extension></addon>"
    )


def _directory(site: Site, series: Series) -> str:
    bounds = {"minversion": series.minversion}
    if series.maxversion:
        bounds["maxversion"] = series.maxversion
    index = f"{base_url(site)}{series.name}/addons.xml.gz"
    return (
        f"<dir{attribute_list(bounds)}>{element('info', index, compressed='true')}"
        f"{element('checksum', f'{index}.sha256', verify='sha256')}"
        f"{element('datadir', base_url(site), zip='true')}<hashes>sha256</hashes></dir>"
    )


def _metadata(site: Site) -> str:
    summary = f"Add-ons published on {site.name}"
    description = f"Installs and updates the add-ons that {site.url} offers."
    disclaimer = (
        "Add-ons marked as third-party come from other publishers: their own privacy practices apply."
    )
    return (
        element("summary", summary, lang="en_GB")
        + element("description", description, lang="en_GB")
        + element("disclaimer", disclaimer, lang="en_GB")
        + "<platform>all</platform>"
        + element("website", site.url)
        + "<assets><icon>icon.png</icon></assets>"
    )


def _listed(identifier: str, version: str, size_bytes: int | None) -> str:
    if size_bytes is None:
        return ""
    return f"<size>{size_bytes}</size>{element('path', zip_path(identifier, version))}"


@lru_cache(maxsize=1)
def icon() -> bytes:
    """Return the add-on's picture, a PNG of 256 pixels square."""
    return files(__package__).joinpath("icon.png").read_bytes()


def repository_zip(site: Site) -> bytes:
    """Return the add-on's zip; stored, not deflated, so that no zlib changes its bytes."""
    identifier = repository_id(site)
    document = f'<?xml version="1.0" encoding="UTF-8"?>\n{repository_element(site)}\n'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, body in (("addon.xml", document.encode()), ("icon.png", icon())):
            entry = zipfile.ZipInfo(f"{identifier}/{name}", _EPOCH)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, body)
    return buffer.getvalue()
