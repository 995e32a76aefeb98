"""SeaweedFS from a wheel: S3 on loopback, in one process.

Two identities: one that reaches only the bucket of what is not yet published, and one that reads
from there and owns what is published. So neither a leaked address nor a mistake crosses over.
"""

import http.client
import json
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from registry.embedded.child import Command
from registry.embedded.home import Home, write_private
from registry.embedded.part import Part

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

INCOMING = "marquee-incoming"
PUBLISHED = "marquee-published"
REGION = "us-east-1"
KEYS = ("WEED_JWT_SIGNING_KEY", "WEED_JWT_SIGNING_READ_KEY")
FILER_KEYS = ("WEED_JWT_FILER_SIGNING_KEY", "WEED_JWT_FILER_SIGNING_READ_KEY")
ENCRYPTION_KEYS = ("WEED_S3_SSE_KEK_PASSPHRASE",)
# What each identity may do; the star lets tests have buckets of their own beside the usual ones.
IDENTITIES = {
    "owner": ["Admin", "Read", "List", "Tagging", "Write"],
    "incoming": [f"{act}:{INCOMING}*" for act in ("Read", "List", "Tagging", "Write")],
    "published": [f"{act}:{PUBLISHED}*" for act in ("Read", "List", "Tagging", "Write")]
    + [f"{act}:{INCOMING}*" for act in ("Read", "List")],
}


class SeaweedFS(Part):
    """One SeaweedFS with the two buckets."""

    name = "seaweedfs"
    ports = ("s3", "filer", "master", "volume")

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.folder = home.folder("seaweedfs")

    @property
    def url(self) -> str:
        """The address of S3."""
        return f"http://127.0.0.1:{self.home.port('s3')}"

    def access(self, identity: str) -> tuple[str, str]:
        """Return access key and secret of one of the identities."""
        name = f"s3-{identity}"
        return self.home.secret(f"{name}-id")[:20].upper(), self.home.secret(name)

    def config(self, identity: str = "owner") -> dict[str, str]:
        """Return where the buckets are, and an identity's access; `s3.json` holds the owner's."""
        key, secret = self.access(identity)
        return {
            "endpoint_url": self.url,
            "access_key_id": key,
            "secret_access_key": secret,
            "region": REGION,
            "bucket_incoming": INCOMING,
            "bucket_published": PUBLISHED,
        }

    def separate(self) -> dict[str, str]:
        """Return the same with the two identities that Marquee itself uses, one a bucket."""
        key, secret = self.access("published")
        published = {"published_access_key_id": key, "published_secret_access_key": secret}
        return {**self.config("incoming"), **published}

    def services(self) -> dict[str, str]:
        """Return the settings whose names begin with S3_."""
        return {f"S3_{name.upper()}": value for name, value in self.separate().items()}

    def prepare(self) -> None:
        """Write who may do what, and where S3 is."""
        identities = [self._identity(name, actions) for name, actions in IDENTITIES.items()]
        write_private(self.folder / "identities.json", json.dumps({"identities": identities}))
        self.home.folder("seaweedfs/data")
        self.home.write("s3.json", self.config())

    def command(self) -> Command:
        """Return the server in the foreground."""
        argv = [str(Path(sysconfig.get_path("scripts")) / "weed"), "-logtostderr=true", "server"]
        return Command([*argv, *self._flags()], self._environ(), self.folder)

    def shown(self, line: str) -> str:
        """Show its warnings and errors; it notes every detail of its inner life as `I`."""
        return line if line[:1] in {"W", "E", "F"} else ""

    def ready(self) -> bool:
        """Say whether S3 answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.home.port("s3"), timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def settle(self) -> None:
        """Make the two buckets."""
        self.make_buckets([INCOMING, PUBLISHED])

    def make_buckets(self, names: list[str]) -> None:
        """Make those of these buckets that do not exist."""
        client = self._client()
        existing = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
        for name in names:
            if name not in existing:
                client.create_bucket(Bucket=name)

    def _identity(self, name: str, actions: list[str]) -> dict[str, object]:
        key, secret = self.access(name)
        return {
            "name": name,
            "credentials": [{"accessKey": key, "secretKey": secret}],
            "actions": actions,
        }

    def _flags(self) -> list[str]:
        ports = {name: self.home.port(name) for name in self.ports}
        return [
            f"-dir={self.folder / 'data'}",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            f"-master.port={ports['master']}",
            "-master.peers=none",  # alone: no election of 15 s after a crash
            "-master.telemetry=false",
            "-master.volumeSizeLimitMB=1024",
            f"-volume.port={ports['volume']}",
            "-volume.preStopSeconds=0",
            "-volume.max=0",
            "-filer",
            f"-filer.port={ports['filer']}",
            "-filer.exposeDirectoryData=false",
            "-filer.disableDirListing",
            "-s3",
            f"-s3.port={ports['s3']}",
            f"-s3.config={self.folder / 'identities.json'}",
            "-s3.iam=false",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
        ]

    def _environ(self) -> dict[str, str]:
        # Without these keys everybody on the machine could read and write past S3.
        signing = {name: self.home.secret(name.lower()) for name in KEYS + FILER_KEYS + ENCRYPTION_KEYS}
        return {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.folder),
            "GOMEMLIMIT": "256MiB",
            **signing,
        }

    def _client(self) -> "S3Client":
        key, secret = self.access("owner")
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            region_name=REGION,
            config=Config(connect_timeout=2, read_timeout=10, s3={"addressing_style": "path"}),
        )
