"""SeaweedFS from a wheel: two buckets, two identities, nothing past S3, nothing lost by kill -9."""

import http.client
import json
import os
import signal
import stat
import time

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from registry.embedded.home import Home
from registry.embedded.seaweedfs import INCOMING, PUBLISHED, SeaweedFS


@pytest.fixture(scope="module")
def seaweedfs(tmp_path_factory):
    part = SeaweedFS(Home(tmp_path_factory.mktemp("home")))
    part.start()
    yield part
    part.stop(0)


def client(seaweedfs, identity):
    key, secret = seaweedfs.access(identity)
    return boto3.client(
        "s3",
        endpoint_url=seaweedfs.url,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        region_name="us-east-1",
        config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
    )


@pytest.fixture(scope="module")
def owner(seaweedfs):
    return client(seaweedfs, "owner")


@pytest.fixture(scope="module")
def incoming(seaweedfs):
    return client(seaweedfs, "incoming")


@pytest.fixture(scope="module")
def published(seaweedfs):
    return client(seaweedfs, "published")


def refused(call, **arguments):
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_both_buckets_are_there(owner):
    assert {bucket["Name"] for bucket in owner.list_buckets()["Buckets"]} == {INCOMING, PUBLISHED}


def test_s3_json_says_where_it_is_and_only_its_owner_can_read_it(seaweedfs):
    path = seaweedfs.home.path / "s3.json"
    written = json.loads(path.read_text())
    assert set(written) == {
        "endpoint_url",
        "access_key_id",
        "secret_access_key",
        "region",
        "bucket_incoming",
        "bucket_published",
    }
    assert written["endpoint_url"] == seaweedfs.url
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_identity_of_incoming_does_all_there_and_nothing_elsewhere(incoming, owner):
    owner.put_object(Bucket=PUBLISHED, Key="secret", Body=b"x")
    incoming.put_object(Bucket=INCOMING, Key="a/b", Body=b"bytes")
    assert incoming.get_object(Bucket=INCOMING, Key="a/b")["Body"].read() == b"bytes"
    assert incoming.list_objects_v2(Bucket=INCOMING)["KeyCount"] == 1
    assert refused(incoming.get_object, Bucket=PUBLISHED, Key="secret")
    assert refused(incoming.head_object, Bucket=PUBLISHED, Key="secret")
    assert refused(incoming.list_objects_v2, Bucket=PUBLISHED)
    assert refused(incoming.put_object, Bucket=PUBLISHED, Key="mine", Body=b"x")
    assert refused(incoming.delete_object, Bucket=PUBLISHED, Key="secret")
    assert refused(
        incoming.copy_object,
        Bucket=PUBLISHED,
        Key="a/b",
        CopySource={"Bucket": INCOMING, "Key": "a/b"},
    )
    incoming.delete_object(Bucket=INCOMING, Key="a/b")


def test_the_identity_of_incoming_uploads_in_parts(incoming):
    upload = incoming.create_multipart_upload(Bucket=INCOMING, Key="big")["UploadId"]
    part = incoming.upload_part(
        Bucket=INCOMING, Key="big", UploadId=upload, PartNumber=1, Body=b"x" * 5_242_880
    )
    listed = incoming.list_parts(Bucket=INCOMING, Key="big", UploadId=upload)["Parts"]
    assert [one["PartNumber"] for one in listed] == [1]
    incoming.complete_multipart_upload(
        Bucket=INCOMING,
        Key="big",
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    )
    assert incoming.head_object(Bucket=INCOMING, Key="big")["ContentLength"] == 5_242_880


def test_the_identity_of_published_copies_from_incoming_but_never_writes_there(incoming, published):
    incoming.put_object(Bucket=INCOMING, Key="blob", Body=b"reviewed")
    published.copy_object(Bucket=PUBLISHED, Key="blob", CopySource={"Bucket": INCOMING, "Key": "blob"})
    assert published.get_object(Bucket=PUBLISHED, Key="blob")["Body"].read() == b"reviewed"
    assert refused(published.put_object, Bucket=INCOMING, Key="blob", Body=b"other")
    assert refused(published.delete_object, Bucket=INCOMING, Key="blob")


def test_an_address_signed_for_incoming_opens_nothing_published(seaweedfs, incoming, owner):
    owner.put_object(Bucket=PUBLISHED, Key="secret", Body=b"x")
    address = incoming.generate_presigned_url("get_object", Params={"Bucket": PUBLISHED, "Key": "secret"})
    assert status(seaweedfs.home.port("s3"), address.removeprefix(seaweedfs.url)) == 403


def test_nobody_reads_anonymously_or_past_s3(seaweedfs, owner):
    owner.put_object(Bucket=PUBLISHED, Key="plain", Body=b"x")
    assert status(seaweedfs.home.port("s3"), f"/{PUBLISHED}/plain") == 403
    assert status(seaweedfs.home.port("filer"), f"/buckets/{PUBLISHED}/plain") == 401


def status(port, path, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request(method, path)
    code = connection.getresponse().status
    connection.close()
    return code


def test_every_acknowledged_object_is_there_after_kill_nine(seaweedfs, owner):
    for number in range(30):
        owner.put_object(Bucket=PUBLISHED, Key=f"kept/{number}", Body=str(number).encode())
    url = seaweedfs.url
    os.kill(seaweedfs.child.process.pid, signal.SIGKILL)
    seaweedfs.start()
    assert seaweedfs.url == url
    for number in range(30):
        body = owner.get_object(Bucket=PUBLISHED, Key=f"kept/{number}")["Body"].read()
        assert body == str(number).encode()


def test_it_stops_within_its_grace_though_it_would_take_twenty_seconds(seaweedfs):
    before = time.monotonic()
    seaweedfs.stop()
    assert time.monotonic() - before < 4
    seaweedfs.start()
