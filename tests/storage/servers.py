"""The two real stores that storage is tested on: SeaweedFS and rclone, from their wheels.

Each starts on free loopback ports in a directory of its own and is stopped by its process id.
"""

import json
import os
import random
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from storage.blobs import BlobStore
from storage.check import ping
from storage.client import StoreConfig
from storage.errors import StorageUnavailable

READY_WITHIN_SECONDS = 30
# SeaweedFS listens for gRPC on every port + 10000, which must stay below the ephemeral range.
HIGHEST_PORT = 22_767


@dataclass(frozen=True)
class Server:
    """One running store."""

    name: str
    config: StoreConfig
    process: subprocess.Popen[bytes]


def program(name: str) -> str | None:
    """Return the path of a program that a wheel put beside this Python, or None."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else shutil.which(name)


def config_for(port: int) -> StoreConfig:
    """Return a configuration with fresh random keys for a store on this loopback port."""
    return StoreConfig(
        endpoint_url=f"http://127.0.0.1:{port}",
        access_key_id=secrets.token_hex(10),
        secret_access_key=secrets.token_hex(20),
        region="us-east-1",
        bucket_incoming="test-incoming",
        bucket_published="test-published",
    )


def free_ports(count: int) -> list[int]:
    """Return `count` loopback ports that are free together with their gRPC neighbours."""
    found: list[int] = []
    while len(found) < count:
        port = random.randint(10_240, HIGHEST_PORT)
        if port not in found and _is_free(port) and _is_free(port + 10_000):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.bind(("127.0.0.1", port))
        return True
    return False


@contextmanager
def seaweedfs(directory: Path) -> Iterator[Server]:
    """Run SeaweedFS as it is run in production: signed, and closed beside S3.

    Besides the main identity there are two narrower ones: `upload` may only use the incoming
    bucket, `publish` may use the published bucket and read the incoming one.
    """
    master, volume, filer, s3 = free_ports(4)
    config = config_for(s3)
    (directory / "s3.json").write_text(json.dumps(identities(config)))
    command = [
        *(program("weed") or "weed", "server", f"-dir={directory}"),
        *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-master.port={master}", "-master.peers=none"),
        *(f"-volume.port={volume}", "-volume.preStopSeconds=0", "-volume.max=0"),
        *("-filer", f"-filer.port={filer}", "-filer.exposeDirectoryData=false"),
        *("-filer.disableDirListing", "-s3", f"-s3.port={s3}", "-s3.iam=false"),
        *(f"-s3.config={directory / 's3.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0"),
        *("-master.telemetry=false", "-master.volumeSizeLimitMB=1024"),
    ]
    keys = ("SIGNING", "SIGNING_READ", "FILER_SIGNING", "FILER_SIGNING_READ")
    jwt = {f"WEED_JWT_{key}_KEY": secrets.token_hex(16) for key in keys}
    environment = {**os.environ, "GOMEMLIMIT": "256MiB", **jwt}
    with _running("seaweedfs", config, command, directory, environment) as server:
        yield server


def identities(config: StoreConfig) -> dict[str, object]:
    """Return the s3.json of SeaweedFS for this configuration."""
    incoming, published = config.bucket_incoming, config.bucket_published
    upload = [f"{action}:{incoming}" for action in ("Read", "List", "Write")]
    publish = [f"{action}:{published}" for action in ("Read", "List", "Write")]
    everything = ["Admin", "Read", "List", "Tagging", "Write"]
    rows = [("marquee", "", everything), ("upload", "-upload", upload)]
    rows.append(("publish", "-publish", [*publish, f"Read:{incoming}"]))
    return {
        "identities": [
            {
                "name": name,
                "credentials": [
                    {
                        "accessKey": config.access_key_id + suffix,
                        "secretKey": config.secret_access_key,
                    }
                ],
                "actions": actions,
            }
            for name, suffix, actions in rows
        ]
    }


@contextmanager
def rclone(directory: Path) -> Iterator[Server]:
    """Run rclone's S3 server on a plain directory; its promises are weaker."""
    (port,) = free_ports(1)
    config = config_for(port)
    data = directory / "data"
    data.mkdir()
    key = f"{config.access_key_id},{config.secret_access_key}"
    command = [
        *(program("rclone") or "rclone", "serve", "s3", "--auth-key", key),
        *("--addr", f"127.0.0.1:{port}", str(data), "--vfs-cache-mode", "off"),
        *("--config", str(directory / "none.conf")),
    ]
    with _running("rclone", config, command, directory, dict(os.environ)) as server:
        yield server


@contextmanager
def _running(
    name: str,
    config: StoreConfig,
    command: list[str],
    directory: Path,
    environment: dict[str, str],
) -> Iterator[Server]:
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=directory)
    try:
        yield Server(name, config, process)
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the store: SIGTERM, and SIGKILL after a second (SeaweedFS would take 20)."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(1)
    process.kill()
    process.wait()


def made_buckets(store: BlobStore) -> bool:
    """Say whether the store is up by now, with both buckets."""
    with suppress(StorageUnavailable):
        store.ensure_buckets()
        ping(store)
        return True
    return False


def wait_until(ready: Callable[[], bool], server: Server) -> None:
    """Wait until `ready` says True; fail at once when the server has ended."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while not ready():
        assert server.process.poll() is None, f"{server.name} ended at start"
        assert time.monotonic() < deadline, f"{server.name} was not ready in time"
        time.sleep(0.1)
