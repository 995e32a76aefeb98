"""The pages of one file of a release: its lines with what nobody sees, or how they differ from another's."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from registry.bundles.viewing.differing import KEPT
from registry.database import session
from registry.errors import NotFound
from registry.listings.models import Listing
from registry.releases.models import Release
from registry.review.difference import compare
from registry.review.evidence import last_published
from registry.review.files import Compared, Opened, compare_file, open_file
from registry.review.unseen import Piece, pieces_of
from registry.web.access import account_only, current_actor
from registry.web.limits import limited

file_pages = Blueprint("files", __name__)
NUMBER = re.compile("[0-9]{1,9}")


@file_pages.get("/releases/<uuid:release_id>/files/<path:path>")
@account_only
@limited("120 per minute", by=lambda: str(current_actor().account_id))
def show_file(release_id: UUID, path: str) -> str | Redirect:
    """Answer: what stands in this file, and what changed in it?"""
    if request.args.get("against"):
        return _difference(compare_file(release_id, path, against=_against(), by=current_actor()))
    if wanted := _line("go"):
        here = url_for("files.show_file", release_id=release_id, path=path, line=wanted, _anchor=f"L{wanted}")
        return redirect(here)
    return _file(open_file(release_id, path, line=_line("line") or 1, by=current_actor()))


def _file(found: Opened) -> str:
    lines = found.part.lines if found.part else ()
    first = found.part.first if found.part else 1
    rows = [(number, pieces_of(text.removesuffix("\r"))) for number, text in enumerate(lines, first)]
    return render_template(
        "reviews/file.html",
        found=found, release=found.release, listing=_listing(found.release), line=_line("line"), rows=rows,
        previous=last_published(found.release), unseen=_names(pieces for _, pieces in rows),
        unseen_lines=[number for number, pieces in rows if any(name for _, name in pieces)],
    )  # fmt: skip


def _difference(found: Compared) -> str:
    hunks = [
        [(mark, before, now, _shown(mark, text)) for mark, before, now, text in hunk]
        for hunk in (found.difference.hunks if found.difference else ())
    ]
    unseen = _names(pieces for hunk in hunks for *_, pieces in hunk)
    return render_template(
        "reviews/file_difference.html",
        found=found, release=found.release, listing=_listing(found.release), hunks=hunks, unseen=unseen,
        **_around(found),
    )  # fmt: skip


def _shown(mark: str, text: str) -> list[Piece]:
    """Return a line's pieces; a carriage return at its end is told where it may be what differs."""
    return pieces_of(text.removesuffix("\r") if mark == KEPT else text)


def _names(lines: Iterable[list[Piece]]) -> dict[str, str]:
    """Return the unseen characters of these lines with their names, each once."""
    return {mark: name for pieces in lines for mark, name in pieces if name}


def _around(found: Compared) -> dict[str, Any]:
    """Return the files that differ before and after this one, and its place among all."""
    before, release = found.before, found.release
    paths = compare((before.files, before.content), (release.files, release.content)).paths
    place = paths.index(found.path) + 1 if found.path in paths else 0
    beside = [None, *paths, None]
    last, following = (beside[place - 1], beside[place + 1]) if place else (None, None)
    return {"place": place, "total": len(paths), "last": last, "following": following}


def _against() -> UUID:
    try:
        return UUID(request.args["against"])
    except ValueError as error:
        raise NotFound("There is no such release to compare with.") from error


def _line(name: str) -> int | None:
    """Return the number of a line that the address names, None without one."""
    said = request.args.get(name, "")
    return int(said) or None if NUMBER.fullmatch(said) else None


def _listing(release: Release) -> Listing:
    return session().get_one(Listing, release.listing_id)
