"""The Plex store over the web: the addresses that WebTools asks for lead to what was published."""

from hashlib import sha256
from urllib.parse import urlsplit

import pytest

from tests import bundles
from tests.story import Story


@pytest.fixture
def row(client, given):
    Story(given).published(bundles.plex(), version="1.2.0")
    [only] = client.get("/feeds/plex/bundles.json").json
    return only


def test_a_repository_answers_with_the_package_of_its_branch(client, row):
    answer = client.get(f"{urlsplit(row['repo']).path}/archive/{row['branch']}.zip")
    assert answer.status_code == 200
    assert sha256(answer.data).hexdigest() == row["sha256"] == row["branch"]
    assert answer.headers["Marquee-Copy"]


def test_a_repository_answers_with_the_version_as_its_newest_commit(client, row):
    answer = client.get(f"{urlsplit(row['repo']).path}/commits/{row['branch']}.atom")
    assert answer.content_type.startswith("application/atom+xml")
    assert f"<id>urn:sha256:{row['sha256']}/1.2.0</id>".encode() in answer.data


def test_the_store_answers_with_its_list_as_a_branch_and_an_archive(client, row):
    listed = client.get("/feeds/plex/bundles.json").data
    assert client.get("/feeds/plex/branches/master").json["commit"]["sha"] == sha256(listed).hexdigest()
    assert client.get("/feeds/plex/archive/master.zip").data.startswith(b"PK")
    assert client.get(urlsplit(row["url"]).path).status_code == 200


def test_an_unknown_branch_is_not_found(client, row):
    repository = urlsplit(row["repo"]).path
    for path in (f"archive/{'0' * 64}.zip", f"commits/{'0' * 64}.atom", "archive/master.zip"):
        assert client.get(f"{repository}/{path}").status_code == 404
