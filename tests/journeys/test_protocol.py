"""BAD-INPUTS rows 62 and 64 at the real web server: whatever is sent, it is refused in words and leaves nothing."""

import hashlib
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import httpx
import pytest
from sqlalchemy import select

from registry.database import session
from registry.releases.models import Artifact
from registry.uploads.models import ENDED, Upload
from registry.uploads.rules import PART_BYTES
from tests import bundles
from tests.journeys.insides import inside, no_work_is_left, objects, swept
from tests.journeys.running import Person, Running, eventually
from tests.journeys.sending import Reply, head, send, trickle

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("running"), pytest.mark.timeout(300)]
BUNDLE = bundles.kodi("metadata.protocol.lantern")
_addresses = count(1)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def address() -> str:
    """An address that nobody else comes from."""
    number = next(_addresses)
    return f"10.7.{number // 250}.{number % 250 + 1}"


@pytest.fixture(scope="module")
def protocol(running: Running) -> Person:
    """A developer whom these tests alone send for."""
    person = running.person("protocol@example.org")
    person.publisher("protocol")
    return person


@pytest.fixture(scope="module", autouse=True)
def nothing_crashes(running: Running):
    """Whatever these tests send, the web has no error of its own to tell of."""
    log = running.home / "logs" / "web.log"
    before = log.stat().st_size
    yield
    with log.open("rb") as file:
        file.seek(before)
        assert b"request_failed" not in file.read()


def put(content: bytes, **query: str) -> bytes:
    """The path of an upload in one request."""
    asked = {"publisher": "protocol", "filename": "a.zip", "sha256": sha256(content), **query}
    return f"/api/v1/uploads?{httpx.QueryParams(asked)}"


def signed(person: Person, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.token}", "X_Forwarded_For": address(), **headers}


def a_problem(reply: Reply) -> str:
    """The code of the problem; every refusal of ours is one, without a word of our insides."""
    assert b"Traceback" not in reply.body
    assert reply.headers["content-type"] == "application/problem+json", reply
    problem = json.loads(reply.body)
    assert problem["status"] == reply.status
    return problem["type"].rsplit("/", 1)[-1]


# Row 62: lengths that lie


def test_a_length_below_what_comes_takes_no_byte_more(running, protocol):
    top = head("PUT", put(BUNDLE), **signed(protocol, Content_Length=str(len(BUNDLE) - 10)))
    reply = send(running.url, top + BUNDLE)
    assert (reply.status, a_problem(reply)) == (422, "upload.digest")


def test_a_length_above_what_comes_is_told(running, protocol):
    top = head("PUT", put(BUNDLE), **signed(protocol, Content_Length=str(len(BUNDLE) + 10)))
    reply = send(running.url, top + BUNDLE, then_end=True)
    assert (reply.status, a_problem(reply)) == (400, "request.body_short")


def test_two_lengths_are_refused(running, protocol):
    top = head("PUT", put(BUNDLE), **signed(protocol, Content_Length=str(len(BUNDLE))))
    twice = top.replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n")
    assert send(running.url, twice + BUNDLE).refused


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "9" * 40, ""])
def test_a_length_that_is_no_number_is_refused(running, protocol, length):
    top = head("PUT", put(BUNDLE), **signed(protocol, Content_Length=length))
    assert send(running.url, top + BUNDLE).refused


def test_a_length_above_the_limit_is_refused_before_a_byte_is_read(running, protocol):
    top = head("PUT", put(BUNDLE), **signed(protocol, Content_Length=str(1 << 40)))
    reply = send(running.url, top)
    assert (reply.status, a_problem(reply)) == (413, "upload.too_large")


@pytest.mark.parametrize(
    "headers",
    [{"Transfer_Encoding": "chunked"}, {"Transfer_Encoding": "chunked", "Content_Length": "5"}],
    ids=["chunked without end", "both lengths"],
)
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_bodies_in_chunks_are_not_read(running, protocol, method, headers):
    top = head(method, put(BUNDLE), **signed(protocol, **headers))
    reply = send(running.url, top + b"5\r\nabcde\r\n")
    assert reply.refused
    assert reply.closed or send(running.url, head("GET", "/healthz", Connection="close")).status == 200


def test_hanging_up_at_99_percent_leaves_nothing(running, protocol):
    bundle = bundles.kodi("metadata.protocol.hangup", more={"noise.bin": noise(300_000)})
    top = head("PUT", put(bundle), **signed(protocol, Content_Length=str(len(bundle))))
    send(running.url, top + bundle[: len(bundle) * 99 // 100], then_close=True)
    found = eventually(lambda: upload_of(running, sha256(bundle)))
    eventually(lambda: upload_of(running, sha256(bundle)).state.value == "aborted")
    assert not {key for _, key in objects(running) if str(found.id) in key}


def test_hanging_up_at_99_percent_of_a_part_leaves_no_part(running, protocol):
    content = noise(PART_BYTES + 10)
    body = {"publisher": "protocol", "filename": "a.zip", "size": len(content), "sha256": sha256(content)}
    upload = protocol.http.post("/api/v1/uploads", json=body, headers={"X-Forwarded-For": address()}).json()
    path = f"/api/v1/uploads/{upload['id']}/parts/1"
    top = head("PUT", path, **signed(protocol, Content_Length=str(PART_BYTES)))
    send(running.url, top + content[: PART_BYTES * 99 // 100], then_close=True)
    time.sleep(1)
    early = protocol.http.post(f"/api/v1/uploads/{upload['id']}/complete")
    assert (early.status_code, early.json()["missing"]) == (422, [1, 2])
    assert protocol.http.delete(f"/api/v1/uploads/{upload['id']}").status_code == 200
    assert not {key for _, key in objects(running) if upload["id"] in key}


# Row 62: bodies that do not come


def test_bodies_that_stall_or_trickle_end_in_408_and_others_are_served_meanwhile(running, protocol):
    top = head("PUT", put(BUNDLE), **signed(protocol, Content_Length=str(len(BUNDLE))))
    login = head("POST", "/api/v1/sessions", Content_Type="application/json", Content_Length="50")
    form = head("POST", "/sign-in", Content_Type="application/x-www-form-urlencoded", Content_Length="50")
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\nPK'
    page = head(
        "POST",
        "/publish",
        **signed(protocol, Content_Type="multipart/form-data; boundary=b", Content_Length="999"),
    )
    # More than there are connections to the database: none of them may hold one.
    stalled = [top + BUNDLE[:50], page + part] * 36 + [login + b"{", form + b"email="] * 4
    trickling = head("PUT", put(BUNDLE), **signed(protocol, Content_Length="100000"))
    with ThreadPoolExecutor(len(stalled) + 1) as pool:
        waiting = [pool.submit(send, running.url, content, wait_s=60) for content in stalled]
        waiting.append(pool.submit(trickle, running.url, trickling, within_s=80))
        slowest = max(timed(running) for _ in range(20))
        replies = [one.result() for one in waiting]
    assert [reply.status or "closed" for reply in replies] == [408] * len(replies)
    assert max(reply.took_s for reply in replies) < 30
    assert slowest < 15  # at once on a machine of its own; a stalled body would hold it for 20 s


def timed(running: Running) -> float:
    began = time.monotonic()
    assert httpx.get(f"{running.url}/api/v1/listings", timeout=10).status_code == 200
    return time.monotonic() - began


# Row 62: heads and forms beyond all measure


def test_a_header_of_a_megabyte_is_refused(running):
    assert send(running.url, head("GET", "/healthz", X_Long="a" * (1 << 20))).refused


def test_a_query_of_a_hundred_kilobytes_is_refused(running):
    assert send(running.url, head("GET", "/api/v1/listings?q=" + "a" * 100_000)).refused


def test_a_query_that_just_fits_is_answered(running):
    asked = head("GET", "/api/v1/listings?q=" + "a+" * 15_000, Connection="close")
    assert send(running.url, asked).status in {200, 422}


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/publish", "/api/v1/sessions"])
def test_a_form_of_ten_thousand_fields_is_refused(running, path):
    fields = "&".join(f"field{number}=1" for number in range(10_000))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert httpx.post(f"{running.url}{path}", content=fields, headers=headers).status_code == 413


def test_a_form_of_ten_thousand_parts_is_refused(protocol):
    files = [(f"field{number}", (None, "1")) for number in range(10_000)]
    assert protocol.http.post("/publish", files=files).status_code == 413


def test_two_files_in_one_form_are_refused(protocol):
    files = [("file", (name, BUNDLE)) for name in ("one.zip", "two.zip")]
    answer = protocol.http.post("/publish", data={"publisher": "protocol"}, files=files)
    assert answer.status_code == 400
    assert "one file" in answer.text


def test_a_form_without_an_end_is_refused(protocol):
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    begun = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\nPK'
    assert 400 <= protocol.http.post("/publish", content=begun, headers=headers).status_code < 500


# Row 64: the name is ours


@pytest.mark.parametrize(
    "filename",
    ['a"; filename=b.zip', "a.zip\r\nSet-Cookie: x=1", "x" * 5000 + ".zip", "ä\u202egpj.zip", "../../x.zip"],
)
def test_a_download_has_the_name_that_we_give_it(running, protocol, moderator, filename):
    number = next(_addresses)
    bundle = bundles.kodi("metadata.protocol.named", f"1.{number}.0")
    headers = {"X-Forwarded-For": address()}
    answer = protocol.http.put(
        "/api/v1/uploads", content=bundle, headers=headers,
        params={"publisher": "protocol", "filename": filename, "sha256": sha256(bundle)},
    )  # fmt: skip
    if answer.status_code == 422:
        assert answer.json()["errors"][0]["pointer"] == "/filename"
        return
    release = protocol.ended(answer.json()["id"])["release"]
    artifact = protocol.http.get(f"/api/v1/releases/{release}").json()["artifacts"][0]
    told = protocol.http.get(f"/api/v1/artifacts/{artifact['sha256']}").headers["Content-Disposition"]
    assert told == f"attachment; filename=metadata.protocol.named-1.{number}.0.zip"


def test_nothing_is_left_of_all_this(running):
    eventually(lambda: no_work_is_left(running))
    swept(running)
    with inside(running):
        waiting = set(session().scalars(select(Artifact.incoming_key)))
        under_way = {
            f"upload-{row}" for row in session().scalars(select(Upload.id).where(Upload.state.not_in(ENDED)))
        }
    left = {key for where, key in objects(running) if where == "incoming" and key.startswith("upload-")}
    assert left <= waiting | under_way


def upload_of(running: Running, digest: str) -> Upload | None:
    with inside(running):
        return session().scalar(select(Upload).where(Upload.sha256 == digest))


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)
