"""Keys are made of digests and identifiers of ours, and of nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.keys import blob_key, feed_key, picture_key, upload_key

DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
BY_DIGEST = (blob_key, feed_key, picture_key)
few = settings(max_examples=60, deadline=None)


def test_a_blob_lies_in_two_levels_of_folders_named_by_its_digest():
    digest = "abcd" + "0" * 60
    assert blob_key(digest) == f"sha256/ab/cd/{digest}"


def test_an_upload_lies_in_no_folder():
    assert upload_key("0b9e-7") == "upload-0b9e-7"


@few
@given(DIGESTS)
def test_keys_for_different_purposes_never_meet(digest):
    keys = {make(digest) for make in BY_DIGEST}
    assert len(keys) == len(BY_DIGEST)
    assert all(key.endswith("/" + digest) for key in keys)


@few
@given(DIGESTS, DIGESTS)
def test_two_digests_have_one_key_only_if_they_are_the_same(one, other):
    assert (blob_key(one) == blob_key(other)) == (one == other)


@few
@given(st.text(max_size=70).filter(lambda text: len(text) != 64))
def test_what_is_no_digest_gets_no_key(text):
    for make in BY_DIGEST:
        with pytest.raises(ValueError, match="no sha256"):
            make(text)


@pytest.mark.parametrize("digest", ["A" * 64, "g" * 64, "٣" * 64, "0" * 64 + "\n", " " + "0" * 63])
def test_a_digest_is_64_lower_case_hexadecimal_digits(digest):
    with pytest.raises(ValueError, match="no sha256"):
        blob_key(digest)


@few
@given(st.text(alphabet=st.characters(exclude_categories=["L", "Nd"]), min_size=1))
def test_an_upload_key_never_holds_what_a_path_or_an_address_would_read(text):
    if set(text) <= {"-", "_"} and len(text) <= 64:
        assert upload_key(text) == "upload-" + text
    else:
        with pytest.raises(ValueError, match="no upload identifier"):
            upload_key(text)
