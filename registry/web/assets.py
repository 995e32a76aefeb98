"""Our own style sheets, scripts, fonts and icons: an address changes with its bytes, so it is kept a year.

``url_for("static", filename=…)`` gets ``?v=`` and the beginning of the file's digest. Fonts carry their
version in their names instead, since the style sheet names them.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request
from werkzeug.security import safe_join

from registry.errors import NotFound

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".woff2": "font/woff2",
}
PACKED = frozenset({".css", ".js", ".svg"})
YEAR_S = 31_536_000
VERSION_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes, the same gzipped where that helps, the version that its address carries."""

    body: bytes
    packed: bytes | None
    version: str
    content_type: str


def install(app: Flask) -> None:
    """Serve ``/static/`` from here, and give each of its addresses the file's version."""
    app.view_functions["static"] = serve

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and not str(values.get("filename", "")).endswith(".woff2"):
            asset = _find(app, str(values["filename"]))
            if asset is not None:
                values.setdefault("v", asset.version)


def serve(filename: str) -> Response:
    """Serve a file; for a year where the address names the bytes. Raises NotFound."""
    asset = _find(current_app, filename)
    if asset is None:
        raise NotFound("There is no such file.")
    packed = asset.packed if request.accept_encodings["gzip"] > 0 else None
    response = Response(packed or asset.body, content_type=asset.content_type)
    fixed = filename.endswith(".woff2") or request.args.get("v") == asset.version
    response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable" if fixed else "no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(f"{asset.version}{'-gzip' if packed else ''}")
    return response.make_conditional(request)  # type: ignore[return-value]


def _find(app: Flask, filename: str) -> Asset | None:
    path = safe_join(str(app.static_folder), filename)
    if path is None or Path(path).suffix not in TYPES or not Path(path).is_file():
        return None
    return _read(path, Path(path).stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: str, _changed: int) -> Asset:
    body, suffix = Path(path).read_bytes(), Path(path).suffix
    packed = gzip.compress(body, mtime=0) if suffix in PACKED else None
    return Asset(body, packed, hashlib.sha256(body).hexdigest()[:VERSION_LETTERS], TYPES[suffix])
