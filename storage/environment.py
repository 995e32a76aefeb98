"""Where the store is: the S3_* environment, or what the embedded store wrote into MARQUEE_HOME.

Only the command line needs this; the application hands its own settings in.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from storage.client import StoreConfig

# services.json holds names as in the environment, s3.json the embedded store's alone, without S3_.
WRITTEN = (("services.json", ""), ("s3.json", "S3_"))


class NoStore(Exception):
    """Nothing says where the store is, or not all of it; the message says what is missing."""


def read_config(environ: Mapping[str, str]) -> StoreConfig:
    """Return the store of this environment. Raises NoStore."""
    values = {name: value for name, value in environ.items() if name.startswith("S3_") and value}
    if "S3_ENDPOINT_URL" not in values:
        values = {**_written(Path(environ.get("MARQUEE_HOME") or "var")), **values}
    return StoreConfig(
        endpoint_url=_needed(values, "S3_ENDPOINT_URL"),
        access_key_id=_needed(values, "S3_ACCESS_KEY_ID"),
        secret_access_key=_needed(values, "S3_SECRET_ACCESS_KEY"),
        region=values.get("S3_REGION", "us-east-1"),
        bucket_incoming=values.get("S3_BUCKET_INCOMING", "marquee-incoming"),
        bucket_published=values.get("S3_BUCKET_PUBLISHED", "marquee-published"),
        public_url=values.get("S3_PUBLIC_URL"),
        published_access_key_id=values.get("S3_PUBLISHED_ACCESS_KEY_ID"),
        published_secret_access_key=values.get("S3_PUBLISHED_SECRET_ACCESS_KEY"),
    )


def _written(home: Path) -> dict[str, str]:
    for name, prefix in WRITTEN:
        path = home / name
        if path.exists():
            found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
            values = {prefix + key.upper(): value for key, value in found.items()}
            if "S3_ENDPOINT_URL" in values:
                return values
    return {}


def _needed(values: Mapping[str, str], name: str) -> str:
    if value := values.get(name):
        return value
    raise NoStore(
        f"{name} is not set, and no embedded store is known in MARQUEE_HOME; "
        "start it with `make run`, or set the S3_* of your store."
    )
