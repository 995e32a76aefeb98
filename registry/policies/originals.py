"""A policy page as it came, byte for byte: for moderators and its publisher's members alone."""

import re
from dataclasses import dataclass
from uuid import UUID

from registry.accounts.actor import Actor
from registry.errors import NotAllowed
from registry.policies.models import PolicyText
from registry.policies.service import find_text, is_of_its_people
from registry.storing import store
from storage.keys import policy_key

SANE_TYPE = re.compile(r"[a-z]+/[\w.+-]+[\x20-\x7e]{0,200}", re.ASCII)
BARE = "application/octet-stream"
ENDINGS = {"text/html": "html", "application/xhtml+xml": "xhtml", "text/plain": "txt"}


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes of a page, the type that its server gave them, and a name to save them under."""

    text: PolicyText
    body: bytes
    content_type: str
    filename: str


def find_original(text_id: UUID, *, by: Actor) -> Original:
    """Return the page that a text was read from. Raises NotFound, NotAllowed for strangers."""
    seen, text = find_text(text_id, by=by)
    if not is_of_its_people(seen.listing, by=by):
        raise NotAllowed("The page as it came is for moderators and its publisher's members; others read it "
                         "where it is published, or as the text that was kept.")  # fmt: skip
    key = policy_key(text.original_sha256)
    with store().open(store().config.bucket_published, key) as blob:
        body = blob.read()
    told = text.content_type if SANE_TYPE.fullmatch(text.content_type) else BARE
    ending = ENDINGS.get(told.partition(";")[0].strip(), "bin")
    name = f"policy-{text.fetched_at:%Y-%m-%d}-{text.original_sha256[:12]}.{ending}"
    return Original(text, body, told, name)
