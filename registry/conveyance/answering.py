"""From a wanted artifact to the answer: the copy is recorded, its id goes into the head, then the bytes."""

from uuid import UUID

from flask import Response, request

from registry.conveyance.delivery import deliver, from_the_middle
from registry.conveyance.models import Copy
from registry.conveyance.service import Asking, Wanted, convey
from registry.storing import store
from registry.web.access import current_actor
from registry.web.addresses import absolute
from registry.web.requests import client_address
from storage.keys import blob_key


def answer_with_artifact(wanted: Wanted) -> Response:
    """Record the copy and answer with its bytes, or with where they are."""
    copy = convey(wanted, _asking(wanted), by=current_actor())
    return _answer(wanted, copy)


def _asking(wanted: Wanted) -> Asking:
    who = f"{wanted.recipient.value}\n{client_address()}\n{request.headers.get('User-Agent', '')}"
    return Asking(who, again=request.method == "HEAD" or from_the_middle(), copy_id=_copy_id())


def _copy_id() -> UUID | None:
    try:
        return UUID(request.args.get("copy", ""))
    except ValueError:
        return None


def _answer(wanted: Wanted, copy: Copy) -> Response:
    artifact, config = wanted.artifact, store().config
    bucket, key = config.bucket_incoming, artifact.incoming_key
    if wanted.release.published_at is not None:
        bucket, key = config.bucket_published, blob_key(artifact.sha256)
    response = deliver(
        bucket=bucket, key=key, sha256=artifact.sha256, size_bytes=artifact.size_bytes,
        filename=artifact.filename, changed_at=wanted.release.changed_at,
    )  # fmt: skip
    response.headers["Marquee-Copy"] = str(copy.id)
    response.headers.add("Link", f'<{absolute("copies.notices", copy_id=copy.id)}>; rel="license"')
    response.headers.add("Link", f'<{absolute("copies.receipt", copy_id=copy.id)}>; rel="describedby"')
    return response
