"""The command line finds its store in the environment, or in what the embedded store wrote."""

import json
from dataclasses import asdict

import pytest

from storage.client import StoreConfig
from storage.environment import NoStore, read_config

CONFIG = StoreConfig(
    endpoint_url="http://127.0.0.1:9",
    access_key_id="key",
    secret_access_key="secret",
    region="here",
    bucket_incoming="in",
    bucket_published="out",
)
NAMED = {f"S3_{name.upper()}": value for name, value in asdict(CONFIG).items() if value}


def test_the_environment_decides(tmp_path):
    (tmp_path / "services.json").write_text(json.dumps(NAMED | {"S3_REGION": "elsewhere"}))
    assert read_config(NAMED | {"MARQUEE_HOME": str(tmp_path)}) == CONFIG


def test_where_it_says_nothing_what_the_embedded_store_wrote_counts(tmp_path):
    values = {name: value for name, value in asdict(CONFIG).items() if value}
    (tmp_path / "s3.json").write_text(json.dumps(values))
    assert read_config({"MARQUEE_HOME": str(tmp_path)}) == CONFIG


def test_the_credentials_that_marquee_uses_come_before_those_of_the_stores_owner(tmp_path):
    (tmp_path / "s3.json").write_text(json.dumps({"endpoint_url": "http://owner"}))
    (tmp_path / "services.json").write_text(json.dumps(NAMED))
    assert read_config({"MARQUEE_HOME": str(tmp_path)}) == CONFIG


def test_services_that_hold_no_store_are_passed_over(tmp_path):
    (tmp_path / "services.json").write_text(json.dumps({"BROKER_URL": "redis://127.0.0.1"}))
    with pytest.raises(NoStore, match="S3_ENDPOINT_URL is not set"):
        read_config({"MARQUEE_HOME": str(tmp_path)})


@pytest.mark.parametrize("name", ["S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"])
def test_a_real_store_without_credentials_is_told_what_is_missing(name):
    with pytest.raises(NoStore, match=f"{name} is not set"):
        read_config({**NAMED, name: ""})


def test_published_credentials_are_read_too():
    more = {"S3_PUBLISHED_ACCESS_KEY_ID": "other", "S3_PUBLISHED_SECRET_ACCESS_KEY": "deeper"}
    found = read_config(NAMED | more)
    assert found.separate
    assert found.for_published().access_key_id == "other"
