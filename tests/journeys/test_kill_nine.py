"""kill -9 of every part at every step: nothing acknowledged is lost, nothing half done, nothing done twice.

In the matrix each part has a story of its own, and is killed at each step of it, when the step is seen
under way. All stories go on at once. In the storm parts are killed at random while many publish.
"""

import contextlib
import hashlib
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import httpx
import pytest

from registry.uploads.rules import PART_BYTES
from tests import bundles
from tests.journeys.afterwards import Acknowledged, all_is_well
from tests.journeys.killing import BACK_WITHIN_S, FORKED, PARTS, Killer, Patient, Watching
from tests.journeys.running import Running, eventually

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("killing"), pytest.mark.timeout(900)]
NOISE = random.Random(9).randbytes(PART_BYTES)
STORM_S = 20
#: The schedule has no part in any step; the storm kills it too.
MATRIX = tuple(part for part in PARTS if part != "beat")
STORM_SEED = 20_260_730
LEASED = "SELECT 1 FROM job WHERE work = %s AND subject = %s AND lease_until IS NOT NULL"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One Marquee for both: the storm comes over what the matrix has left."""
    started = Running(tmp_path_factory.mktemp("killed") / "home", TRUSTED_PROXIES="127.0.0.1")
    try:
        started.start()
        yield started
    finally:
        started.stop()


class People:
    """Who publishes and who decides."""

    def __init__(self, running: Running) -> None:
        person = running.person("developer@example.org")
        person.publisher("lantern")
        self.developer, self.moderator = person.token, running.person("mod@example.org", "moderator").token


@pytest.fixture(scope="module")
def people(running: Running) -> People:
    return People(running)


class Story:
    """One release from its first part to its download, during which one part is killed again and again."""

    def __init__(
        self, running: Running, people: People, killer: Killer, told: Acknowledged, part: str
    ) -> None:
        self.running, self.killer, self.told, self.part = running, killer, told, part
        self.developer = Patient(running, people.developer, f"developer-{part}")
        self.moderator = Patient(running, people.moderator, f"moderator-{part}")
        self.watching = Watching(running)
        self.identifier = f"metadata.kill.{part.replace('-', '.')}"
        self.bundle = bundles.kodi(self.identifier, more={"noise.bin": NOISE}, icon=bundles.png(128))
        self.sha256 = hashlib.sha256(self.bundle).hexdigest()
        self.has_struck = False

    def go(self) -> None:
        upload = self.send_parts()
        self.complete(upload)
        release = self.ingest(upload)
        self.approve(release)
        self.feed()
        self.download()
        self.told.crashes += self.developer.crashes + self.moderator.crashes

    def strike(self) -> None:
        self.killer.kill(self.part)
        self.has_struck = True

    def send_parts(self) -> str:
        body = {
            "publisher": "lantern", "filename": "a.zip", "size": len(self.bundle), "sha256": self.sha256
        }  # fmt: skip
        upload = self.developer.insist("POST", "/api/v1/uploads", fine=(200, 201), json=body).json()["id"]
        path = f"/api/v1/uploads/{upload}/parts/"
        while not self.has_struck:
            with contextlib.suppress(httpx.HTTPError):
                self.developer.http.put(f"{path}1", content=self.struck(NOISE), headers=length(PART_BYTES))
        for number in (1, 2):
            piece = self.bundle[(number - 1) * PART_BYTES : number * PART_BYTES]
            self.developer.insist("PUT", f"{path}{number}", fine=(200,), content=piece)
        return str(upload)

    def struck(self, content: bytes) -> Iterator[bytes]:
        """The bytes of a part; in the middle of them somebody dies."""
        yield content[: len(content) // 2]
        if not self.has_struck:
            self.strike()
        yield content[len(content) // 2 :]

    def complete(self, upload: str) -> None:
        striking = threading.Thread(target=self.strike)
        striking.start()
        self.developer.insist("POST", f"/api/v1/uploads/{upload}/complete", fine=(202,))
        striking.join()
        self.told.uploads[upload] = self.sha256

    def ingest(self, upload: str) -> str:
        self.watching.until(
            "SELECT 1 FROM upload WHERE id = %s AND state NOT IN ('open', 'received')", upload
        )
        self.strike()
        self.watching.until("SELECT 1 FROM upload WHERE id = %s AND state = 'waiting'", upload)
        found = self.developer.insist("GET", f"/api/v1/uploads/{upload}", fine=(200,)).json()
        return str(found["release"])

    def approve(self, release: str) -> None:
        path = f"/api/v1/releases/{release}/decisions"
        self.moderator.insist("POST", path, fine=(201, 409), json={"decision": "approve"})
        self.told.approvals[release] = self.sha256
        seen = f"{LEASED} UNION ALL SELECT 1 FROM release WHERE id = %s AND state = 'published'"
        self.watching.until(seen, "publish", release, release)
        self.strike()
        self.watching.until("SELECT 1 FROM release WHERE id = %s AND state = 'published'", release)

    def feed(self) -> None:
        self.watching.until(
            f"{LEASED} UNION ALL SELECT 1 FROM job WHERE work = 'feeds' HAVING count(*) = 0", "feeds", "kodi"
        )
        self.strike()

    def download(self) -> None:
        path = f"/api/v1/artifacts/{self.sha256}"
        anonymous = Patient(self.running, name=f"anonymous-{self.part}")
        content, copies = anonymous.download(path, self.strike)
        assert hashlib.sha256(content).hexdigest() == self.sha256
        assert len(copies) == 1, copies
        self.told.copies[self.sha256] = copies
        made = self.developer.insist("POST", f"{path}/copies", fine=(201,)).json()
        self.told.made_copies.add(made["id"])
        self.told.crashes += anonymous.crashes


def length(size: int) -> dict[str, str]:
    return {"Content-Length": str(size)}


def test_every_part_dies_at_every_step(running, people):
    killer, told = Killer(running), Acknowledged()
    stories = [Story(running, people, killer, told, part) for part in MATRIX]
    with ThreadPoolExecutor(len(stories)) as pool:
        for done in [pool.submit(story.go) for story in stories]:
            done.result()
    assert Counter(part for _, part in killer.killed) == dict.fromkeys(MATRIX, 6)
    assert len(told.uploads) == len(told.approvals) == len(told.copies) == len(MATRIX)
    all_is_well(running, killer, told)


class Storm:
    """Many who publish and download while parts die at random."""

    def __init__(self, running: Running, people: People, told: Acknowledged) -> None:
        self.running, self.people, self.told = running, people, told
        self.published: list[str] = []
        self.over = threading.Event()

    def publish(self, who: int) -> None:
        developer = Patient(self.running, self.people.developer, f"developer-{who}")
        moderator = Patient(self.running, self.people.moderator, f"moderator-{who}")
        for number in count(1):
            if self.over.is_set():
                break
            bundle = bundles.kodi(f"metadata.storm.n{who}", f"1.{number}.0", icon=bundles.png(32))
            self.publish_one(developer, moderator, bundle)
        self.told.crashes += developer.crashes + moderator.crashes

    def publish_one(self, developer: Patient, moderator: Patient, bundle: bytes) -> None:
        sha256 = hashlib.sha256(bundle).hexdigest()
        query = {"publisher": "lantern", "filename": "a.zip", "sha256": sha256}
        answer = developer.insist("PUT", "/api/v1/uploads", fine=(200, 202), params=query, content=bundle)
        upload = answer.json()["id"]
        self.told.uploads[upload] = sha256
        release = eventually(lambda: self.release_of(developer, upload), within_s=BACK_WITHIN_S)
        path = f"/api/v1/releases/{release}/decisions"
        moderator.insist("POST", path, fine=(201, 409), json={"decision": "approve"})
        self.told.approvals[release] = sha256
        self.published.append(sha256)

    def release_of(self, developer: Patient, upload: str) -> str | None:
        found = developer.insist("GET", f"/api/v1/uploads/{upload}", fine=(200,)).json()
        assert found["state"] != "rejected", found["findings"]
        return found["release"]

    def download(self, who: int, choice: random.Random) -> None:
        for number in count(1):
            if self.over.wait(0.2):
                break
            if self.published:
                self.download_one(choice.choice(self.published), f"anonymous-{who}-{number}")

    def download_one(self, sha256: str, name: str) -> None:
        anonymous = Patient(self.running, name=name)
        path = f"/api/v1/artifacts/{sha256}"
        anonymous.insist("HEAD", path, fine=(200,), not_yet=(404, 503))  # approved, maybe not yet published
        content, copies = anonymous.download(path, lambda: None)
        assert hashlib.sha256(content).hexdigest() == sha256
        assert len(copies) == 1, copies
        self.told.copies.setdefault(sha256, set()).update(copies)
        made = anonymous.insist("POST", f"{path}/copies", fine=(201,)).json()
        self.told.made_copies.add(made["id"])
        self.told.crashes += anonymous.crashes
        anonymous.http.close()


def test_a_storm_loses_nothing(running, people):
    killer, told = Killer(running), Acknowledged()
    storm, choice = Storm(running, people, told), random.Random(STORM_SEED)
    with ThreadPoolExecutor(5) as pool:
        at_work = [pool.submit(storm.publish, who) for who in range(3)]
        at_work += [pool.submit(storm.download, who, random.Random(who)) for who in range(2)]
        until = time.monotonic() + STORM_S
        while time.monotonic() < until and not any(one.done() for one in at_work):
            time.sleep(choice.uniform(0.5, 2.0))
            killer.kill_if_alive(choice.choice(PARTS + FORKED))
        storm.over.set()
        for one in at_work:
            one.result()
    assert len(killer.killed) > STORM_S / 4
    assert len(told.approvals) >= 3
    all_is_well(running, killer, told)
