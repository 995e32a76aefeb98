"""Every setting, read from the environment once and frozen.

Where a service is not set, its address is taken from ``MARQUEE_HOME/services.json``, which the
supervisor of the embedded parts writes; so every command finds the running parts by itself.
"""

import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from storage.client import StoreConfig

SERVICE_NAMES = (
    "DATABASE_URL",
    "BROKER_URL",
    "S3_ENDPOINT_URL",
    "S3_ACCESS_KEY_ID",
    "S3_SECRET_ACCESS_KEY",
    "S3_REGION",
    "S3_BUCKET_INCOMING",
    "S3_BUCKET_PUBLISHED",
    "S3_PUBLISHED_ACCESS_KEY_ID",
    "S3_PUBLISHED_SECRET_ACCESS_KEY",
)


class SettingsInvalid(Exception):
    """A setting cannot be used; the message names it and says what it should be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of CONTRACTS: addresses as URLs, sizes in bytes, times in seconds."""

    home: Path
    host: str
    port: int
    public_url: str
    database_url: str
    broker_url: str
    store: StoreConfig
    secret_key: str = field(repr=False)
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    media_url: str | None = None
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "Marquee <marquee@localhost>"
    site_name: str = "Marquee"
    privacy_gate: str = "inform"
    commercial_operator: bool = False
    review_self: bool = False
    review_automatic: frozenset[str] = frozenset()

    @property
    def secure(self) -> bool:
        """Say whether the rules of HTTPS apply."""
        return self.public_url.startswith("https://")

    @property
    def public_host(self) -> str:
        """Return the host name of the public address."""
        return urlsplit(self.public_url).hostname or "localhost"


def home_of(environ: Mapping[str, str]) -> Path:
    """Return the data folder, absolute."""
    return Path(environ.get("MARQUEE_HOME") or "var").resolve()


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check all settings. Raises SettingsInvalid."""
    home = home_of(environ)
    values = {**_written_services(home), **{name: v for name, v in environ.items() if v != ""}}
    host = values.get("HOST", "127.0.0.1")
    port = _port(values.get("PORT", "8000"))
    return Settings(
        home=home,
        host=host,
        port=port,
        public_url=_public_url(values, host, port),
        database_url=_database_url(_needed(values, "DATABASE_URL")),
        broker_url=_needed(values, "BROKER_URL"),
        store=read_store_config(values),
        secret_key=values.get("SECRET_KEY") or _generated_secret(home),
        trusted_proxies=_networks(values.get("TRUSTED_PROXIES", "")),
        media_url=_optional_url(values, "MEDIA_URL"),
        smtp_url=_smtp_url(values.get("SMTP_URL")),
        mail_from=values.get("MAIL_FROM", "Marquee <marquee@localhost>"),
        site_name=values.get("SITE_NAME", "Marquee"),
        privacy_gate=_one_of(values, "PRIVACY_GATE", ("inform", "acknowledge")),
        commercial_operator=_flag(values, "COMMERCIAL_OPERATOR"),
        review_self=_flag(values, "REVIEW_SELF"),
        review_automatic=_automatic(values.get("REVIEW_AUTOMATIC", "")),
    )


def read_store_config(values: Mapping[str, str]) -> StoreConfig:
    """Read where the bytes lie."""
    return StoreConfig(
        endpoint_url=_needed(values, "S3_ENDPOINT_URL"),
        access_key_id=_needed(values, "S3_ACCESS_KEY_ID"),
        secret_access_key=_needed(values, "S3_SECRET_ACCESS_KEY"),
        region=values.get("S3_REGION", "us-east-1"),
        bucket_incoming=values.get("S3_BUCKET_INCOMING", "marquee-incoming"),
        bucket_published=values.get("S3_BUCKET_PUBLISHED", "marquee-published"),
        public_url=_optional_url(values, "S3_PUBLIC_URL"),
        published_access_key_id=values.get("S3_PUBLISHED_ACCESS_KEY_ID"),
        published_secret_access_key=values.get("S3_PUBLISHED_SECRET_ACCESS_KEY"),
    )


def _written_services(home: Path) -> dict[str, str]:
    path = home / "services.json"
    if not path.exists():
        return {}
    written = json.loads(path.read_text(encoding="utf-8"))
    return {name: str(written[name]) for name in SERVICE_NAMES if written.get(name)}


def _needed(values: Mapping[str, str], name: str) -> str:
    if value := values.get(name):
        return value
    raise SettingsInvalid(
        f"{name} is not set, and no embedded part is running in this MARQUEE_HOME. "
        "Start Marquee with `make run`, or set the address of the real service."
    )


def _database_url(value: str) -> str:
    for prefix in ("postgresql://", "postgres://"):
        if value.startswith(prefix):
            return "postgresql+psycopg://" + value.removeprefix(prefix)
    if value.startswith("postgresql+psycopg://"):
        return value
    raise SettingsInvalid("DATABASE_URL must be a postgresql:// address; no other database is used.")


def _port(value: str) -> int:
    if value.isdecimal() and 0 < int(value) < 65536:
        return int(value)
    raise SettingsInvalid(f"PORT must be a number from 1 to 65535, not {value!r}.")


def _public_url(values: Mapping[str, str], host: str, port: int) -> str:
    if url := _optional_url(values, "PUBLIC_URL"):
        return url
    shown = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _optional_url(values: Mapping[str, str], name: str) -> str | None:
    value = values.get(name)
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme in {"http", "https"} and parts.hostname and not parts.query:
        return value.rstrip("/")
    raise SettingsInvalid(f"{name} must be an http:// or https:// address without a query.")


def _smtp_url(value: str | None) -> str | None:
    try:
        parts = urlsplit(value or "smtp://unset")
        if parts.scheme in {"smtp", "smtps"} and parts.hostname and parts.port != 0:
            return value
    except ValueError:  # a port that is no number
        pass
    raise SettingsInvalid("SMTP_URL must be smtp://host:port or smtps://host:port.")


def _networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError as error:
        raise SettingsInvalid(f"TRUSTED_PROXIES must list addresses or networks: {error}.") from error


def _one_of(values: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = values.get(name, allowed[0])
    if value in allowed:
        return value
    raise SettingsInvalid(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")


def _flag(values: Mapping[str, str], name: str) -> bool:
    value = values.get(name, "").lower()
    if value in {"", "0", "no", "false", "off"}:
        return False
    if value in {"1", "yes", "true", "on"}:
        return True
    raise SettingsInvalid(f"{name} must be yes or no, not {value!r}.")


def _automatic(value: str) -> frozenset[str]:
    """Read which releases approve themselves: ``first-party-updates``, ``first-party``; none by default."""
    names = frozenset(part.strip() for part in value.split(",") if part.strip())
    if unknown := names - {"first-party", "first-party-updates"}:
        raise SettingsInvalid(
            f"REVIEW_AUTOMATIC knows first-party and first-party-updates, not {min(unknown)!r}."
        )
    return names


def _generated_secret(home: Path) -> str:
    path = home / "secret-key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        draft = home / f".secret-key.{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        with suppress(FileExistsError):  # several processes start at once: the first one's holds
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text(encoding="utf-8").strip()
