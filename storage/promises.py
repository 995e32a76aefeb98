"""What a store may promise, who needs it, and what either outcome means in words: one table."""

from collections.abc import Callable
from dataclasses import dataclass

from storage.client import StoreConfig
from storage.probes import (
    bounds_parts,
    checks_md5,
    checks_sha256,
    copies,
    copies_parts,
    gives_ranges,
    gives_suffixes,
    joins_parts,
    keeps_buckets_apart,
    keeps_the_first,
    keeps_the_first_completed,
    lets_addresses_expire,
    lets_pages_upload,
    names_downloads,
    refuses_changed_addresses,
    refuses_strangers,
    writes_and_reads,
)
from storage.room import Room


@dataclass(frozen=True)
class Probe:
    """One row of what people read: what is tried, who needs it, and what either outcome means."""

    name: str
    needed: Callable[[StoreConfig], bool]
    attempt: Callable[[Room], bool]
    kept: str
    broken: str


def always(_: StoreConfig) -> bool:
    """Nothing works without it."""
    return True


def with_public_url(config: StoreConfig) -> bool:
    """Only where clients are sent to the store itself."""
    return config.public_url is not None


def never(_: StoreConfig) -> bool:
    """Marquee takes care of it where the store does not."""
    return False


PROBES = (
    Probe(
        "write and read",
        always,
        writes_and_reads,
        "What is put can be read, byte for byte.",
        "What was put could not be read again. Look at the rights of S3_ACCESS_KEY_ID.",
    ),
    Probe(
        "signatures",
        always,
        refuses_strangers,
        "A request with a wrong secret is refused.",
        "The store takes requests with a wrong secret: anybody who reaches it can change bytes.",
    ),
    Probe(
        "multipart",
        always,
        joins_parts,
        "Uploads in parts are joined, so a broken upload can go on.",
        "Uploads in parts do not work, and with them no upload of any size.",
    ),
    Probe(
        "server-side copy",
        always,
        copies,
        "The store copies from incoming to published by itself.",
        "The store could not copy from incoming to published. Look whether the published "
        "bucket's key may read the incoming one.",
    ),
    Probe(
        "copy in parts",
        never,
        copies_parts,
        "Large blobs are copied in parts, each in a short call.",
        "Large blobs are copied in one call, which may take minutes (and 5 GiB at most on some).",
    ),
    Probe(
        "conditional put",
        never,
        keeps_the_first,
        "The store itself refuses a second put under a key.",
        "The store lets a second put overwrite; Marquee looks first, so only two writers at the "
        "same instant both write, and then the same bytes.",
    ),
    Probe(
        "conditional complete",
        never,
        keeps_the_first_completed,
        "The store itself refuses to complete an upload over an object.",
        "The store lets a completed upload overwrite; Marquee looks first.",
    ),
    Probe(
        "sha256 checked",
        never,
        checks_sha256,
        "The store checks the sha256 of what it receives.",
        "The store accepts bytes with a wrong sha256; Marquee checks them while they pass.",
    ),
    Probe(
        "md5 checked",
        never,
        checks_md5,
        "The store checks the md5 of what it receives.",
        "The store accepts bytes with a wrong md5; Marquee does not rely on it.",
    ),
    Probe(
        "range",
        with_public_url,
        gives_ranges,
        "A part of a blob can be read alone.",
        "The store does not answer ranges as HTTP wants (206). Marquee gets them right when it "
        "passes bytes through; clients sent to the store itself could not resume.",
    ),
    Probe(
        "suffix range",
        never,
        gives_suffixes,
        "The last bytes of a blob can be asked for.",
        "The store does not answer ranges from the end as HTTP wants; Marquee asks for the size "
        "first and needs none.",
    ),
    Probe(
        "expiry",
        with_public_url,
        lets_addresses_expire,
        "An address stops working when its time is over.",
        "Addresses do not expire, or do not work: do not set S3_PUBLIC_URL with this store.",
    ),
    Probe(
        "tampering",
        with_public_url,
        refuses_changed_addresses,
        "An address works for its own object only.",
        "The address of one object opens another, or none does: do not set S3_PUBLIC_URL.",
    ),
    Probe(
        "content disposition",
        with_public_url,
        names_downloads,
        "A download gets the file name and type that Marquee asks for.",
        "Downloads straight from the store would have the wrong name or type.",
    ),
    Probe(
        "part length",
        with_public_url,
        bounds_parts,
        "A part's address takes only as many bytes as it was made for.",
        "A part's address takes more bytes than it was made for: uploads cannot be bounded.",
    ),
    Probe(
        "CORS",
        with_public_url,
        lets_pages_upload,
        "Pages can upload straight to the store.",
        "Pages cannot upload straight to the store; without S3_PUBLIC_URL they need not.",
    ),
    Probe(
        "separate credentials",
        never,
        keeps_buckets_apart,
        "The key of the incoming bucket cannot write to the published one.",
        "One key writes to both buckets. Set S3_PUBLISHED_ACCESS_KEY_ID and "
        "S3_PUBLISHED_SECRET_ACCESS_KEY, and take the right to publish from the other key.",
    ),
)
