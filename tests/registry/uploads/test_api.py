"""Uploads: in parts, resumed, in one request; and everything that a broken client may send."""

import base64
import hashlib
import io

import pytest
from sqlalchemy import func, select

from registry.database import session
from registry.ingest.service import ingest_upload
from registry.publishers.models import MemberRole
from registry.storing import store
from registry.uploads import rules
from registry.uploads.models import Upload
from registry.work import Job
from storage.keys import upload_key
from tests import bundles
from tests.story import Story

BUNDLE = bundles.kodi()
SHA256 = hashlib.sha256(BUNDLE).hexdigest()


@pytest.fixture
def story(given):
    return Story(given)


@pytest.fixture
def bearing(client, given, story):
    return client.bearing(given.token(story.developer, "read", "upload"))


def opened(bearing, **changes):
    body = {"publisher": "lantern", "filename": "a.zip", "size": len(BUNDLE), "sha256": SHA256, **changes}
    return bearing.post("/api/v1/uploads", json=body)


def whole(bearing, bundle=BUNDLE, query="", **headers):
    address = f"/api/v1/uploads?publisher=lantern&filename=a.zip{query}"
    return bearing.put(address, data=bundle, headers=headers)


def code(answer):
    assert answer.content_type == "application/problem+json"
    return answer.json["type"].rsplit("/", 1)[-1]


@pytest.fixture
def objects(given):
    """A function that tells which objects came since the test began."""

    def listed():
        config = store().config
        buckets = (config.bucket_incoming, config.bucket_published)
        return {key for bucket in buckets for key in store().list_keys(bucket)}

    before = given.run(listed)
    return lambda: given.run(listed) - before


def test_an_upload_in_parts_is_joined_and_handed_to_ingest(bearing, given, monkeypatch):
    monkeypatch.setattr(rules, "PART_BYTES", 8 * 1024 * 1024)
    upload = opened(bearing)
    assert upload.status_code == 201
    assert [part["number"] for part in upload.json["parts"]] == [1]
    put = bearing.put(f"/api/v1/uploads/{upload.json['id']}/parts/1", data=BUNDLE)
    assert put.json == {"number": 1, "size": len(BUNDLE)}
    done = bearing.post(f"/api/v1/uploads/{upload.json['id']}/complete")
    assert (done.status_code, done.json["state"]) == (202, "received")
    given.run(ingest_upload, upload.json["id"])
    assert bearing.get(f"/api/v1/uploads/{upload.json['id']}").json["state"] == "waiting"


def test_a_resumed_upload_sends_only_the_parts_that_are_missing(bearing):
    size = rules.PART_BYTES + 100
    bundle = bytes(size)
    upload = opened(bearing, size=size, sha256=hashlib.sha256(bundle).hexdigest()).json
    bearing.put(f"/api/v1/uploads/{upload['id']}/parts/2", data=bundle[rules.PART_BYTES :])
    assert bearing.get(f"/api/v1/uploads/{upload['id']}").json["received"] == [{"number": 2, "size": 100}]
    early = bearing.post(f"/api/v1/uploads/{upload['id']}/complete")
    assert (early.status_code, code(early), early.json["missing"]) == (422, "upload.parts_missing", [1])
    bearing.put(f"/api/v1/uploads/{upload['id']}/parts/1", data=bundle[: rules.PART_BYTES])
    assert bearing.post(f"/api/v1/uploads/{upload['id']}/complete").status_code == 202


def test_completing_twice_is_the_same_as_once(bearing, given):
    upload = opened(bearing).json
    bearing.put(f"/api/v1/uploads/{upload['id']}/parts/1", data=BUNDLE)
    for _ in range(2):
        assert bearing.post(f"/api/v1/uploads/{upload['id']}/complete").status_code == 202
    jobs = given.run(
        lambda: session().scalar(select(func.count()).select_from(Job).where(Job.work == "ingest"))
    )
    assert jobs == 1


def test_the_same_bytes_again_are_the_same_upload(bearing):
    first = whole(bearing, query=f"&sha256={SHA256}")
    assert first.status_code == 202
    again = opened(bearing)
    assert (again.status_code, again.json["id"]) == (200, first.json["id"])
    whole_again = whole(bearing, query=f"&sha256={SHA256}")
    assert (whole_again.status_code, whole_again.json["id"]) == (200, first.json["id"])


def test_the_same_version_with_other_bytes_is_refused(given, story):
    story.waiting()
    other = story.ingested(bundles.kodi(summary="Other bytes"))
    assert other.state.value == "rejected"
    assert other.findings[-1]["code"] == "release.exists"


@pytest.mark.parametrize(
    "headers",
    [
        {"Digest": "sha-256=" + base64.b64encode(bytes.fromhex(SHA256)).decode()},
        {"Content-Digest": "sha-256=:" + base64.b64encode(bytes.fromhex(SHA256)).decode() + ":"},
        {"sha256": SHA256},
    ],
    ids=["Digest", "Content-Digest", "sha256"],
)
def test_the_digest_may_come_in_any_of_its_headers(bearing, headers):
    assert whole(bearing, **headers).status_code == 202


@pytest.mark.parametrize(
    "query",
    ["", "&sha256=" + "0" * 64, "&sha256=" + SHA256.upper(), "&sha256=" + hashlib.md5(BUNDLE).hexdigest()],
    ids=["missing", "another", "uppercase", "md5"],
)
def test_a_digest_that_is_missing_wrong_or_of_another_kind_is_refused(bearing, objects, query):
    answer = whole(bearing, query=query)
    assert (answer.status_code, code(answer)) == (422, "upload.digest")
    assert objects() == set()


def test_a_digest_that_proves_wrong_only_in_ingest_ends_the_upload(bearing, given, objects):
    upload = opened(bearing, sha256="1" * 64).json
    bearing.put(f"/api/v1/uploads/{upload['id']}/parts/1", data=BUNDLE)
    bearing.post(f"/api/v1/uploads/{upload['id']}/complete")
    given.run(ingest_upload, upload["id"])
    seen = bearing.get(f"/api/v1/uploads/{upload['id']}").json
    assert (seen["state"], seen["findings"][0]["code"]) == ("rejected", "upload.digest")
    assert objects() == set()


def test_an_empty_file_and_one_above_the_limit_are_refused_by_the_request(bearing):
    assert code(opened(bearing, size=0)) == "upload.empty"
    large = opened(bearing, size=512 * 1024 * 1024 + 1)
    assert (large.status_code, code(large)) == (413, "upload.too_large")
    empty = whole(bearing, b"", query="&sha256=" + hashlib.sha256(b"").hexdigest())
    assert code(empty) == "upload.empty"


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.rar", "a.7z", "a.exe", "A.EXE"])
def test_kinds_of_files_that_no_ecosystem_uses_are_415(bearing, name):
    answer = opened(bearing, filename=name)
    assert (answer.status_code, code(answer)) == (415, "archive.type")


@pytest.mark.parametrize("name", ["", "x\r\nSet-Cookie: a=b", "n" * 300, "\0.zip"])
def test_a_file_name_with_control_characters_or_of_absurd_length_is_refused(bearing, name):
    assert opened(bearing, filename=name).status_code == 422


def test_only_the_last_part_of_a_path_is_kept_and_our_own_name_is_served(client, given, bearing):
    upload = opened(bearing, filename='C:\\x\\"; filename=evil.zip').json
    assert upload["filename"] == '"; filename=evil.zip'
    bearing.delete(f"/api/v1/uploads/{upload['id']}")


def test_a_part_of_the_wrong_size_or_number_is_refused(bearing):
    upload = opened(bearing).json
    assert bearing.put(f"/api/v1/uploads/{upload['id']}/parts/1", data=BUNDLE[:-1]).status_code == 422
    assert bearing.put(f"/api/v1/uploads/{upload['id']}/parts/2", data=BUNDLE).status_code == 422
    assert bearing.put(f"/api/v1/uploads/{upload['id']}/parts/0", data=BUNDLE).status_code == 422


def test_a_body_that_ends_early_is_refused_and_leaves_nothing(bearing, objects):
    answer = bearing.put(
        f"/api/v1/uploads?publisher=lantern&filename=a.zip&sha256={SHA256}",
        input_stream=io.BytesIO(BUNDLE[:50]),
        environ_overrides={"CONTENT_LENGTH": str(len(BUNDLE))},
    )
    assert answer.status_code == 400
    assert objects() == set()


def test_a_body_of_unknown_length_is_411(bearing):
    answer = bearing.put(
        f"/api/v1/uploads?publisher=lantern&filename=a.zip&sha256={SHA256}",
        input_stream=io.BytesIO(BUNDLE),
        headers={"Transfer-Encoding": "chunked"},
    )
    assert (answer.status_code, code(answer)) == (411, "upload.length")


def test_an_aborted_upload_takes_no_more_and_its_bytes_are_gone(bearing, objects):
    upload = opened(bearing).json
    bearing.put(f"/api/v1/uploads/{upload['id']}/parts/1", data=BUNDLE)
    assert bearing.delete(f"/api/v1/uploads/{upload['id']}").json["state"] == "aborted"
    assert bearing.put(f"/api/v1/uploads/{upload['id']}/parts/1", data=BUNDLE).status_code == 409
    assert objects() == set()


def test_strangers_know_nothing_of_an_upload(client, given, bearing):
    upload = opened(bearing).json["id"]
    assert client.get(f"/api/v1/uploads/{upload}").status_code == 401
    stranger = client.bearing(given.token(given.account()))
    for method, path in (("get", ""), ("delete", ""), ("post", "/complete"), ("put", "/parts/1")):
        assert getattr(stranger, method)(f"/api/v1/uploads/{upload}{path}", data=b"x").status_code == 404


def test_a_moderator_sees_an_upload_and_may_end_it_but_sends_nothing_for_others(
    client, given, bearing, story
):
    upload = opened(bearing).json["id"]
    moderator = client.bearing(given.token(story.moderator))
    assert moderator.get(f"/api/v1/uploads/{upload}").status_code == 200
    assert moderator.put(f"/api/v1/uploads/{upload}/parts/1", data=BUNDLE).status_code == 403
    assert moderator.post(f"/api/v1/uploads/{upload}/complete").status_code == 403
    assert moderator.patch(f"/api/v1/uploads/{upload}", json={"said": {"version": "1"}}).status_code == 403
    assert moderator.delete(f"/api/v1/uploads/{upload}").json["state"] == "aborted"


def test_an_upload_that_was_given_up_is_not_completed(bearing):
    upload = opened(bearing).json["id"]
    bearing.put(f"/api/v1/uploads/{upload}/parts/1", data=BUNDLE)
    bearing.delete(f"/api/v1/uploads/{upload}")
    late = bearing.post(f"/api/v1/uploads/{upload}/complete")
    assert (late.status_code, code(late)) == (409, "state.moved")


def test_only_members_upload_and_only_with_the_scope_and_a_confirmed_address(client, given, story):
    stranger = client.bearing(given.token(given.account()))
    assert opened(stranger).status_code == 403
    reader = client.bearing(given.token(story.developer, "read"))
    assert opened(reader).status_code == 403
    uploader = given.member(story.publisher, MemberRole.UPLOADER)
    assert opened(client.bearing(given.token(uploader))).status_code == 201


def test_unknown_fields_and_a_body_that_is_no_json_are_told_apart(bearing):
    assert opened(bearing, colour="red").status_code == 422
    assert opened(bearing, size="many").status_code == 422
    broken = bearing.post("/api/v1/uploads", data=b"{", content_type="application/json")
    assert broken.status_code == 400


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"version": "1.0\n"}, 201),
        ({"version": "1.0/../2.0"}, 422),
        ({"version": "v٣.0"}, 422),
        ({"version": "1" * 70}, 422),
        ({"identifier": "../../x"}, 422),
        ({"kind": "game"}, 422),
        ({"license": "<script>" * 100}, 422),
        ({"colour": "red"}, 422),
    ],
)
def test_what_is_said_is_checked_word_by_word(bearing, said, status):
    assert opened(bearing, said=said).status_code == status


def test_a_bundle_that_cannot_say_its_version_is_asked_for_it_and_goes_on(bearing, given, story):
    bundle = bundles.plex()
    upload = story.ingested(bundle, "Lantern.bundle.zip")
    assert upload.needs == ["version"], upload.findings
    said = bearing.patch(f"/api/v1/uploads/{upload.id}", json={"said": {"version": "1.4"}})
    assert said.json["needs"] == []
    given.run(ingest_upload, str(upload.id))
    assert given.found(Upload, upload.id).state.value == "waiting"


def test_the_events_tell_each_change_until_the_end(bearing, given, story):
    upload = story.ingested(BUNDLE)
    answer = bearing.get(f"/api/v1/uploads/{upload.id}/events")
    assert answer.content_type.startswith("text/event-stream")
    assert '"state": "waiting"' in answer.text


def test_nothing_of_an_upload_can_be_had_from_the_store_by_address(given, story):
    upload = story.received(BUNDLE)

    def presign():
        config = store().config
        return store().presign_get(
            config.bucket_incoming, upload_key(str(upload.id)), seconds=60, filename="a.zip",
            content_type="application/zip",
        )  # fmt: skip

    with pytest.raises(Exception, match="not published"):
        given.run(presign)
