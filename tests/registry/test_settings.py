"""Settings: read once, checked, and said in one sentence when they cannot be used."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from ipaddress import ip_network

import pytest

from registry.settings import SettingsInvalid, read_settings


@pytest.fixture
def values(tmp_path) -> dict[str, str]:
    """The least that must be set."""
    return {
        "MARQUEE_HOME": str(tmp_path / "home"),
        "DATABASE_URL": "postgresql://marquee@db/marquee",
        "BROKER_URL": "redis://valkey/0",
        "S3_ENDPOINT_URL": "http://s3:8333",
        "S3_ACCESS_KEY_ID": "key",
        "S3_SECRET_ACCESS_KEY": "secret",
    }


def refused(values: dict[str, str]) -> str:
    with pytest.raises(SettingsInvalid) as error:
        read_settings(values)
    return str(error.value)


def test_what_is_not_set_has_its_default(values):
    settings = read_settings(values)
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert not settings.secure
    assert settings.smtp_url is None
    assert settings.store.bucket_incoming == "marquee-incoming"
    assert settings.privacy_gate == "inform"
    assert settings.review_self is False
    assert settings.review_automatic == frozenset()


def test_an_empty_value_counts_as_not_set(values):
    assert read_settings({**values, "SMTP_URL": "", "S3_PUBLIC_URL": ""}).smtp_url is None


def test_settings_are_frozen_and_show_no_secret(values):
    settings = read_settings({**values, "SECRET_KEY": "very-secret", "SMTP_URL": "smtp://a:hush@mail"})
    with pytest.raises(FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]
    for secret in ("very-secret", "hush", "'secret'"):
        assert secret not in repr(settings)


def test_the_address_of_an_embedded_part_is_found_by_itself(values, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "services.json").write_text(json.dumps({"DATABASE_URL": "postgresql://embedded/x"}))
    del values["DATABASE_URL"]
    assert read_settings(values).database_url == "postgresql+psycopg://embedded/x"
    values["DATABASE_URL"] = "postgresql://real/x"
    assert read_settings(values).database_url == "postgresql+psycopg://real/x"


@pytest.mark.parametrize("name", ["DATABASE_URL", "BROKER_URL", "S3_ENDPOINT_URL", "S3_ACCESS_KEY_ID"])
def test_what_is_missing_is_named_with_what_to_do(values, name):
    del values[name]
    assert refused(values).startswith(f"{name} is not set")
    assert "make run" in refused(values)


def test_the_secret_key_is_made_once_for_the_operator_alone(values, tmp_path):
    first = read_settings(values).secret_key
    assert len(first) >= 48
    assert read_settings(values).secret_key == first
    assert (tmp_path / "home" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_processes_that_start_at_once_get_the_same_secret_key(values, tmp_path):
    with ThreadPoolExecutor(20) as pool:
        keys = set(pool.map(lambda _: read_settings(values).secret_key, range(100)))
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["secret-key"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///x"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "http"),
        ("PUBLIC_URL", "plugins.example"),
        ("PUBLIC_URL", "https://plugins.example/?a=1"),
        ("MEDIA_URL", "ftp://media.example"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("TRUSTED_PROXIES", "proxy.example"),
        ("PRIVACY_GATE", "refuse"),
        ("REVIEW_SELF", "perhaps"),
        ("REVIEW_AUTOMATIC", "third-party"),
        ("SMTP_URL", "mail.example"),
        ("SMTP_URL", "http://mail.example"),
        ("SMTP_URL", "smtp://mail.example:port"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_name(values, name, value):
    assert name in refused({**values, name: value})


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        ("0.0.0.0", "8000", "http://127.0.0.1:8000"),
        ("::", "9000", "http://127.0.0.1:9000"),
        ("::1", "9000", "http://[::1]:9000"),
        ("nas.local", "80", "http://nas.local:80"),
    ],
)
def test_the_public_address_is_made_of_host_and_port(values, host, port, url):
    assert read_settings({**values, "HOST": host, "PORT": port}).public_url == url


def test_the_public_address_has_no_slash_at_its_end(values):
    settings = read_settings({**values, "PUBLIC_URL": "https://plugins.example/market/"})
    assert settings.public_url == "https://plugins.example/market"
    assert settings.secure
    assert settings.public_host == "plugins.example"


def test_trusted_proxies_are_addresses_and_networks(values):
    settings = read_settings({**values, "TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.1,fd00::/8"})
    assert settings.trusted_proxies == (
        ip_network("10.0.0.0/8"),
        ip_network("192.0.2.1/32"),
        ip_network("fd00::/8"),
    )


def test_what_approves_itself_is_a_list(values):
    settings = read_settings({**values, "REVIEW_AUTOMATIC": "first-party-updates", "REVIEW_SELF": "yes"})
    assert settings.review_automatic == {"first-party-updates"}
    assert settings.review_self
