"""Addresses that clients follow to the store itself."""

import re
import time
import urllib.error
import urllib.request
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.blobs import BlobStore
from storage.errors import AddressRefused
from storage.presign import content_disposition
from tests.storage.content import sha256

CONTENT = b"what clients download"
DIGEST = sha256(CONTENT)


def fetch(address: str, **headers: str):
    """Return status, headers and body, as a client without credentials sees them."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.fixture
def blob(store, published) -> str:
    """The key of a published blob."""
    key = "sha256/aa/bb/presigned"
    store.put(published, key, CONTENT, sha256=DIGEST, size=len(CONTENT), content_type="text/plain")
    return key


def address(store: BlobStore, bucket: str, key: str, **more) -> str:
    asked = {"seconds": 60, "filename": "plug-in 1.0.zip", "content_type": "application/zip"}
    return store.presign_get(bucket, key, **(asked | more))


def test_an_address_downloads_the_blob_under_the_name_and_type_asked_for(store, published, blob):
    status, headers, body = fetch(address(store, published, blob, filename="Füllung.zip"))
    assert (status, body) == (200, CONTENT)
    assert headers["Content-Type"] == "application/zip"
    assert "filename*=UTF-8''F%C3%BCllung.zip" in headers["Content-Disposition"]


def test_an_address_ends_when_its_time_is_over(store, published, blob):
    short = address(store, published, blob, seconds=1)
    time.sleep(2.5)
    assert fetch(short)[0] in {400, 403}


def test_an_address_opens_no_other_blob(store, published, blob):
    other = address(store, published, blob).replace("presigned", "another")
    assert fetch(other)[0] == 403


def test_an_address_cannot_be_prolonged(store, published, blob):
    longer = address(store, published, blob).replace("X-Amz-Expires=60", "X-Amz-Expires=600")
    assert fetch(longer)[0] == 403


def test_nothing_incoming_gets_an_address(store, incoming, key):
    with pytest.raises(AddressRefused, match=key):
        address(store, incoming, key)


def test_reviewers_get_an_address_of_what_is_incoming(store, incoming, key):
    store.put(incoming, key, CONTENT, sha256=DIGEST, size=len(CONTENT), content_type="a/b")
    assert fetch(address(store, incoming, key, for_reviewers=True))[2] == CONTENT


def test_addresses_lead_to_the_public_address_of_the_store(config, published, blob):
    public = config.endpoint_url.replace("127.0.0.1", "localhost")
    store = BlobStore(replace(config, public_url=public))
    given_out = address(store, published, blob)
    assert given_out.startswith(public + "/")
    assert fetch(given_out)[2] == CONTENT


@pytest.mark.parametrize("seconds", [0, -1, 7 * 24 * 3600 + 1])
def test_an_address_lives_a_second_at_least_and_seven_days_at_most(store, published, seconds):
    with pytest.raises(ValueError, match="An address lives"):
        address(store, published, "any", seconds=seconds)


def test_a_plain_name_stays_plain():
    assert content_disposition("a-1.0.zip") == 'attachment; filename="a-1.0.zip"'


def test_a_name_without_a_character_left_still_saves():
    assert content_disposition("") == 'attachment; filename="download"'


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_name_breaks_out_of_its_header(name):
    header = content_disposition(name)
    form = re.fullmatch(
        r"attachment; filename=\"([^\"\\%/\x00-\x1f\x7f-\U0010ffff]+)\"(?:; filename\*=UTF-8''(\S+))?",
        header,
    )
    assert form is not None, header
    assert header.isascii()
    shown = unquote(form[2]) if form[2] else form[1]
    assert len(shown) == max(len(name), 1) or name == ""
