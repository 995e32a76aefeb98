"""Where Kodi finds what: paths below ``/feeds/``, and how a zip's digest reaches it.

Kodi builds a zip's address itself, ``{datadir}{id}/{id}-{version}.zip`` with the version in lower
case; everything here must agree with that.
"""

import base64
from urllib.parse import urlsplit

from registry.bundles.ecosystems.base import Site

ROOT = "kodi"
_PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def base_url(site: Site) -> str:
    """Return the address of the feed's folder, with its slash: the ``<datadir>``."""
    return f"{site.feeds}/{ROOT}/"


def zip_name(identifier: str, version: str) -> str:
    """Return the file name that Kodi asks for."""
    return f"{identifier}-{version.lower()}.zip"


def zip_path(identifier: str, version: str) -> str:
    """Return a zip's path below the datadir; its digest is at the same path with ``.sha256``."""
    return f"{identifier}/{zip_name(identifier, version)}"


def picture_path(version: str, role: str, address: str) -> str:
    """Return a picture's path below ``{datadir}{id}/``: ``1.2.0/icon.png`` stands for that role.

    Kodi takes only paths below the add-on's folder, so the web layer leads this one to ``address``.
    """
    path = urlsplit(address).path.lower()
    suffix = next((known for known in _PICTURE_SUFFIXES if path.endswith(known)), ".png")
    return f"{version.lower()}/{role}{suffix}"


def zip_headers(sha256: str) -> dict[str, str]:
    """Return the header of a zip's first answer (a redirect too) that saves Kodi the side file."""
    return {"Content-SHA256": base64.b64encode(bytes.fromhex(sha256)).decode("ascii")}


def side_file(sha256: str) -> bytes:
    """Return the body of a ``.sha256`` file: Kodi reads the first word and no leading newline."""
    return f"{sha256}\n".encode("ascii")
