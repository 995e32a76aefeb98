"""boto3 clients as Marquee needs them: they answer soon or fail, and speak plain S3.

Only the configuration handed in decides. No profile or credentials file of the machine's user
changes what a client does, and a loopback store is never reached through a proxy.
"""

import os
import threading
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

CONNECT_SECONDS = 3.0
READ_SECONDS = 20.0
PATIENT_SECONDS = 900.0
ATTEMPTS = 3
POOL_SIZE = 32
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class StoreConfig:
    """Where the bytes lie and how to sign for them.

    `public_url` is the store's address as other machines see it: a proxy there must pass path and
    `Host` unchanged, since both are signed. The credentials for `published`, where given, must be
    able to read `incoming` too: promotion is the store's own copy and one key signs it.
    """

    endpoint_url: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    region: str
    bucket_incoming: str
    bucket_published: str
    public_url: str | None = None
    published_access_key_id: str | None = None
    published_secret_access_key: str | None = field(default=None, repr=False)

    @property
    def separate(self) -> bool:
        """Say whether the published bucket has credentials of its own."""
        return bool(self.published_access_key_id and self.published_secret_access_key)

    def for_published(self) -> "StoreConfig":
        """Return the same store with the published bucket's credentials as the main ones."""
        if not (self.published_access_key_id and self.published_secret_access_key):
            return self
        return replace(
            self,
            access_key_id=self.published_access_key_id,
            secret_access_key=self.published_secret_access_key,
        )

    def for_public(self) -> "StoreConfig":
        """Return the same store under the address that other machines use."""
        return replace(self, endpoint_url=self.public_url or self.endpoint_url)


def make_client(
    config: StoreConfig,
    *,
    connect_seconds: float = CONNECT_SECONDS,
    read_seconds: float = READ_SECONDS,
    attempts: int = ATTEMPTS,
) -> "S3Client":
    """Return a client for the main credentials of `config`; threads may share it.

    Bodies are sent unsigned: they are streams, read once, whose digest we check ourselves while
    they pass, and a store that can checks `x-amz-checksum-sha256` besides. Checksums that boto3
    would add by itself are off, since not every store knows them.
    """
    behaviour = Config(
        signature_version="s3v4",
        connect_timeout=connect_seconds,
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=POOL_SIZE,
        proxies={} if urlsplit(config.endpoint_url).hostname in LOOPBACK else None,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path", "payload_signing_enabled": False},
    )
    with _one_at_a_time:
        return _session().client(
            "s3",
            endpoint_url=config.endpoint_url,
            aws_access_key_id=config.access_key_id,
            aws_secret_access_key=config.secret_access_key,
            region_name=config.region,
            config=behaviour,
        )


# A session, unlike a client, is not safe between threads; making one costs 50 ms, so it is kept.
_one_at_a_time = threading.Lock()


@cache
def _session() -> boto3.session.Session:
    no_file = (None, None, os.devnull, None)
    variables = {
        "profile": (None, None, None, None),
        "config_file": no_file,
        "credentials_file": no_file,
    }
    return boto3.session.Session(botocore_session=botocore.session.Session(session_vars=variables))


class Clients:
    """The clients of one store: by bucket, for inside, for addresses, and for long calls."""

    def __init__(self, config: StoreConfig) -> None:
        self._published_bucket = config.bucket_published
        self._incoming = Trio(config)
        self._published = Trio(config.for_published()) if config.separate else self._incoming

    def of(self, bucket: str) -> "S3Client":
        """Return the client for calls about this bucket."""
        return self._trio(bucket).near

    def patient(self, bucket: str) -> "S3Client":
        """Return the client for calls that the store may think about for minutes: whole copies."""
        return self._trio(bucket).patient

    def public(self, bucket: str) -> "S3Client":
        """Return the client that signs addresses for other machines."""
        return self._trio(bucket).public

    def _trio(self, bucket: str) -> "Trio":
        return self._published if bucket == self._published_bucket else self._incoming


class Trio:
    """Three clients with the same credentials."""

    def __init__(self, config: StoreConfig) -> None:
        self.near = make_client(config)
        self.patient = make_client(config, read_seconds=PATIENT_SECONDS, attempts=1)
        self.public = make_client(config.for_public())
