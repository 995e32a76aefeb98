"""Serving the feeds, their pictures and the artifacts that they name."""

from datetime import timedelta
from threading import Lock
from typing import cast

from apiflask import APIBlueprint
from cachetools import LRUCache, cached
from flask import Response, redirect, request
from werkzeug.http import http_date

from registry.bundles.ecosystems import ECOSYSTEMS
from registry.bundles.ecosystems.jellyfin.series import series_for_user_agent
from registry.bundles.ecosystems.plex.feed import commits_feed
from registry.conveyance.answering import answer_with_artifact
from registry.conveyance.service import find_wanted_by_name
from registry.database import session
from registry.errors import NotFound, Unavailable
from registry.feeds.models import FeedDocument, FeedState
from registry.feeds.personal import PersonalFile, find_personal_file
from registry.releases.pictures import find_picture, find_picture_by_role
from registry.servers.tokens import actor_of_feed
from registry.storing import store
from registry.web.access import act_as, current_actor, public
from storage.keys import feed_key, picture_key

feeds = APIBlueprint("feeds", __name__, enable_openapi=False)
FRESH_S = 60
#: A media server sees by its token what its limits let in: a shared cache keeps that apart.
FOR_WHOM = "Authorization"
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
FEEDS = frozenset({*(one.name for one in ECOSYSTEMS), "index"})
KEPT_BYTES = 64 * 1024 * 1024


@feeds.get("/feeds/<path:path>")
@public
def serve(path: str) -> Response:
    """Serve a feed's file, or an artifact that a feed names."""
    actor = current_actor()
    own = find_personal_file("", _personal_paths(path), by=actor) if actor.server_id else None
    if own is not None:
        return _personal(own)
    # A file that a server's own feed has not is about things that its limits keep out.
    document = session().get(FeedDocument, _series_of(path)) if actor.server_id is None else None
    if document is not None:
        return _document(document)
    parts = path.split("/")
    if len(parts) >= 3:
        return _artifact(parts[0], parts[1], path)
    name = parts[0].split(".")[0]
    if name in FEEDS and session().get(FeedState, name) is None:
        raise Unavailable("The feeds are being built; come back in a moment.", retry_after_s=2)
    raise NotFound("There is no such feed. /connect lists them all.")


@feeds.get("/feeds/~<secret>/<path:path>")
@public
def serve_personal(secret: str, path: str) -> Response:
    """Serve a file of a personal feed, or an artifact that it names, to whom the secret belongs."""
    actor = actor_of_feed(secret)
    if actor is None:
        raise NotFound("This address does not work: it was revoked or is not whole. Make another one.")
    act_as(actor)
    found = find_personal_file(secret, _personal_paths(path), by=actor)
    if found is not None:
        return _personal(found)
    parts = path.split("/")
    if len(parts) < 3:
        raise NotFound("There is no such file in this feed.")
    return _artifact(parts[0], parts[1], path)


@feeds.get("/pictures/<name>")
@public
def picture(name: str) -> Response:
    """Serve a picture that we encoded; its address never changes meaning."""
    found, published = find_picture(name.partition(".")[0], by=current_actor())
    key = picture_key(found.sha256)
    config = store().config
    bucket = config.bucket_published if published else config.bucket_incoming
    response = Response(content_type=found.content_type)
    response.headers["ETag"] = f'"{found.sha256}"'
    response.headers["Cache-Control"] = f"{'public' if published else 'private'}, max-age=31536000, immutable"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Vary"] = FOR_WHOM
    if request.if_none_match.contains(found.sha256):
        response.status_code = 304
        return response
    response.set_data(_bytes(bucket, key))
    return response


def _series_of(path: str) -> str:
    """Jellyfin has no maximum version: an older server gets its own series by its User-Agent."""
    if path == "jellyfin/manifest.json":
        series = series_for_user_agent(request.headers.get("User-Agent", ""))
        own = f"jellyfin/{series}/manifest.json"
        if series and session().get(FeedDocument, own) is not None:
            return own
    return path


def _personal_paths(path: str) -> list[str]:
    """Return where a file may be, the likeliest first: an older Jellyfin has its own series."""
    series = series_for_user_agent(request.headers.get("User-Agent", ""))
    own = [f"jellyfin/{series}/manifest.json"] if series and path == "jellyfin/manifest.json" else []
    return [*own, path]


def _personal(found: PersonalFile) -> Response:
    response = Response(content_type=found.file.content_type)
    response.headers.update(found.file.headers)
    response.headers["ETag"] = f'"{found.sha256}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = f"{FOR_WHOM}, User-Agent"
    if request.if_none_match.contains(found.sha256):
        response.status_code = 304
        return response
    response.set_data(found.file.body)
    return response


def _document(document: FeedDocument) -> Response:
    packed = document.gzip_sha256 if request.accept_encodings["gzip"] > 0 else None
    sha256 = packed or document.sha256
    response = Response(content_type=document.content_type)
    headers = response.headers
    headers.update(document.headers)
    headers["ETag"] = f'"{sha256}"'
    headers["Last-Modified"] = http_date(document.changed_at)
    headers["Cache-Control"] = f"public, max-age={FRESH_S}"
    headers["Vary"] = f"{FOR_WHOM}, Accept-Encoding"
    if "jellyfin" in document.path:
        headers["Vary"] += ", User-Agent"
    if packed:
        headers["Content-Encoding"] = "gzip"
    if _not_changed(document, sha256):
        response.status_code = 304
        return response
    response.set_data(_bytes(store().config.bucket_published, feed_key(sha256)))
    return response


def _not_changed(document: FeedDocument, sha256: str) -> bool:
    if request.if_none_match:
        return request.if_none_match.contains(sha256)
    since = request.if_modified_since
    return since is not None and document.changed_at < since + timedelta(seconds=1)


@cached(LRUCache(maxsize=KEPT_BYTES, getsizeof=len), lock=Lock())
def _bytes(bucket: str, key: str) -> bytes:
    """Return an object, kept in memory: its key is its digest, so it never goes stale."""
    return store().open(bucket, key).read()


def _artifact(ecosystem: str, identifier: str, path: str) -> Response:
    filename = path.rsplit("/", 1)[-1]
    actor = current_actor()
    if filename.endswith(PICTURES):
        return _picture_of(ecosystem, identifier, path)
    if ecosystem == "plex" and filename.endswith(".atom"):
        release = find_wanted_by_name(ecosystem, identifier, f"{filename[:-5]}.zip", by=actor).release
        feed = commits_feed(filename[:-5], release.version, release.changed_at)
        return Response(feed, content_type="application/atom+xml; charset=utf-8")
    if filename.endswith((".sha256", ".md5")):
        name, _, algorithm = filename.rpartition(".")
        artifact = find_wanted_by_name(ecosystem, identifier, name, by=actor).artifact
        digest = artifact.sha256 if algorithm == "sha256" else artifact.md5
        return Response(f"{digest}  {artifact.filename}\n", content_type="text/plain; charset=utf-8")
    return answer_with_artifact(find_wanted_by_name(ecosystem, identifier, filename, by=actor))


def _picture_of(ecosystem: str, identifier: str, path: str) -> Response:
    """Lead ``kodi/{id}/{version}/{role}.png`` to the picture: Kodi takes only paths below its add-on."""
    parts = path.split("/")
    if len(parts) != 4:
        raise NotFound("There is no such picture.")
    role = parts[3].rsplit(".", 1)[0]
    sha256 = find_picture_by_role(ecosystem, identifier, parts[2], role, by=current_actor())
    return cast("Response", redirect(f"/pictures/{sha256}.png"))
