"""Every figure of docs/performance.md, as ratios against a baseline in the same run.

python -m bench [NAME…]        needs Debian's wrk and nginx-light for the first rows; takes some minutes
"""

import hashlib
import io
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from sqlalchemy import text

from bench.catalogue import fill
from bench.ingest import bundle
from registry.app import create_app
from registry.bundles.inspection import inspect
from registry.database import session
from registry.feeds.building import build_feed
from registry.listings.service import Search, search_listings
from registry.settings import read_settings
from registry.storing import store
from tests import bundles
from tests.journeys.running import Person, Running

SECONDS = 5
Row = tuple[str, str, str, str]


@contextmanager
def marquee() -> Iterator[Running]:
    """A whole Marquee on this machine."""
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as folder:
        running = Running(Path(folder) / "home")
        running.home.mkdir()
        running.start()
        try:
            yield running
        finally:
            running.stop()


def app_of(running: Running):
    return create_app(read_settings(running.environ))


def wrk(url: str, *, headers: tuple[str, ...] = ()) -> float:
    """Requests a second with eight connections."""
    words = [word for header in headers for word in ("-H", header)]
    done = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{SECONDS}s", *words, url], capture_output=True, text=True, check=True
    )
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert found, done.stdout
    return float(found.group(1))


@contextmanager
def nginx(folder: Path) -> Iterator[str]:
    """nginx serving the files of a folder."""
    port = 21_900
    config = folder.parent / "nginx.conf"
    config.write_text(
        f"worker_processes 2; daemon off; pid {folder.parent}/nginx.pid; error_log {folder.parent}/error.log;\n"
        f"events {{}} http {{ access_log off; server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n"
    )
    process = subprocess.Popen(["nginx", "-c", str(config), "-p", str(folder.parent)])
    time.sleep(0.5)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def feed(running: Running) -> Iterator[Row]:
    """GET of a feed and its 304, against nginx with the same bytes."""
    with app_of(running).app_context():
        fill(1000)
        build_feed("kodi")
    url = f"{running.url}/feeds/kodi/addons.xml"
    body = httpx.get(url)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        root.mkdir()
        (root / "addons.xml").write_bytes(body.content)
        Path(folder).chmod(0o755)
        with nginx(root) as base:
            theirs = wrk(f"{base}/addons.xml")
            etag = httpx.get(f"{base}/addons.xml").headers["ETag"]
            theirs_304 = wrk(f"{base}/addons.xml", headers=(f"If-None-Match: {etag}",))
    ours = wrk(url)
    ours_304 = wrk(url, headers=(f"If-None-Match: {body.headers['ETag']}",))
    size = f"{len(body.content) / 1e6:.1f} MB"
    yield (f"feed GET, {size}", f"{ours:.0f}/s", f"nginx {theirs:.0f}/s", f"{ours / theirs:.2f}")
    yield ("feed 304", f"{ours_304:.0f}/s", f"nginx {theirs_304:.0f}/s", f"{ours_304 / theirs_304:.2f}")


def download(running: Running) -> Iterator[Row]:
    """A download of a small artifact (decision, durable copy, bytes), against a bare Flask route with one INSERT."""
    developer, moderator = people(running)
    release = developer.release(developer.slug, bundles.kodi(f"script.bench.d{uuid.uuid4().hex[:6]}"))
    moderator.approve(release)
    url = developer.published(release)["artifacts"][0]["url"]
    with bare_flask(running) as bare:
        theirs = wrk(bare)
    ours = wrk(url, headers=(f"Authorization: Bearer {developer.token}",))
    yield (
        "download, a copy each",
        f"{ours:.0f}/s",
        f"bare Flask, one INSERT {theirs:.0f}/s",
        f"{ours / theirs:.2f}",
    )


@contextmanager
def bare_flask(running: Running) -> Iterator[str]:
    """The least that a download could be: one route, one committed INSERT, on the same server and database."""
    database = read_settings(running.environ).database_url
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bare.py").write_text(
            "import os, uuid\nfrom flask import Flask\nfrom sqlalchemy import create_engine, text\n"
            "app = Flask(__name__)\n"
            "engine = create_engine(os.environ['BARE_DATABASE'], pool_size=10, max_overflow=20)\n"
            "with engine.begin() as c:\n"
            "    c.execute(text('CREATE TABLE IF NOT EXISTS bare_copy (id uuid primary key, at timestamptz)'))\n"
            "@app.get('/')\ndef copy():\n"
            "    with engine.begin() as c:\n"
            "        c.execute(text('INSERT INTO bare_copy VALUES (:id, now())'), {'id': uuid.uuid4()})\n"
            "    return b'x' * 1000\n"
        )
        port = 21_901
        process = subprocess.Popen(
            [
                sys.executable, "-m", "granian", "--interface", "wsgi", "bare:app", "--port", str(port),
                "--workers", "2", "--blocking-threads", "64", "--backpressure", "1024", "--http", "1", "--no-ws",
            ],
            cwd=folder, env={**os.environ, "BARE_DATABASE": database}, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(4)
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait()


def upload(running: Running) -> Iterator[Row]:
    """64 MiB through the API in parts, against boto3's own upload to the same store."""
    developer, _ = people(running)
    content = random.Random(7).randbytes(64 * 1024 * 1024)
    with app_of(running).app_context():
        client = store().clients.of(store().config.bucket_incoming)
        theirs = timed(lambda: _boto(client, content), rounds=3)
    ours = timed(lambda: _parts(developer, content), rounds=3)
    yield (
        "upload of 64 MiB",
        f"{ours:.2f} s",
        f"boto3 to the same store {theirs:.2f} s",
        f"{ours / theirs:.2f}",
    )


def _boto(client, content: bytes) -> None:
    key = f"upload-bench-{uuid.uuid4().hex}"
    client.upload_fileobj(io.BytesIO(content), read_bucket(), key)
    client.delete_object(Bucket=read_bucket(), Key=key)


def read_bucket() -> str:
    return store().config.bucket_incoming


def _parts(developer: Person, content: bytes) -> None:
    unique = content[:-16] + uuid.uuid4().bytes
    opened = developer.http.post(
        "/api/v1/uploads",
        json={
            "publisher": developer.slug, "filename": "bench.zip", "size": len(unique),
            "sha256": hashlib.sha256(unique).hexdigest(),
        },
    ).json()  # fmt: skip
    for part in opened["parts"]:
        start = (part["number"] - 1) * opened["part_size"]
        developer.http.put(
            part["url"], content=unique[start : start + opened["part_size"]]
        ).raise_for_status()
    developer.http.delete(f"/api/v1/uploads/{opened['id']}").raise_for_status()


def ingest(running: Running) -> Iterator[Row]:
    """A 10 MB add-on from its first byte until it waits for review, against reading it in one process."""
    developer, _ = people(running)
    content = bundle(10)
    theirs = timed(lambda: inspect(io.BytesIO(content), "bench.zip"), rounds=3)
    took = []
    for number in range(3):
        content = bundle(10, version=f"1.0.{number}")
        began = time.perf_counter()
        developer.release(developer.slug, content)
        took.append(time.perf_counter() - began)
    ours = statistics.median(took)
    yield (
        "ingest of 10 MB",
        f"{ours:.2f} s",
        f"reading it in one process {theirs:.2f} s",
        f"{ours / theirs:.1f}",
    )


def publish(running: Running) -> Iterator[Row]:
    """From the moderator's yes to the line in the feed, in catalogues of 1,000 and 20,000."""
    developer, moderator = people(running)
    for total in (1_000, 20_000):
        with app_of(running).app_context():
            held = session().execute(text("SELECT count(*) FROM release")).scalar_one()
            fill(max(0, total - held))
            build_feed("kodi")
        took = statistics.median(_to_feed(running, developer, moderator) for _ in range(3))
        ratio = f"{took:.2f}" if total == 1_000 else ""
        yield (f"approval to feed, {total:,} releases", f"{took:.2f} s", "asked for: 1 s at 1,000", ratio)


def _to_feed(running: Running, developer: Person, moderator: Person) -> float:
    identifier = f"script.bench.p{uuid.uuid4().hex[:8]}"
    release = developer.release(developer.slug, bundles.kodi(identifier))
    address = f"{running.url}/feeds/kodi/nexus/addons.xml.sha256"
    before = httpx.get(address).text
    began = time.perf_counter()
    moderator.approve(release)
    while httpx.get(address).text == before:
        time.sleep(0.01)
    took = time.perf_counter() - began
    assert identifier in httpx.get(f"{running.url}/feeds/kodi/nexus/addons.xml").text
    return took


def search(running: Running) -> Iterator[Row]:
    """A catalogue search among 20,000 listings, against the bare SQL of the same question."""
    with app_of(running).app_context():
        held = session().execute(text("SELECT count(*) FROM listing")).scalar_one()
        fill(max(0, 20_000 - held))
        bare = text(
            "SELECT id FROM listing WHERE latest_release_id IS NOT NULL AND search @@ to_tsquery('simple', 'lantern:*')"
            " ORDER BY updated_at DESC LIMIT 25"
        )
        theirs = timed(lambda: session().execute(bare).all(), rounds=30)
        service = timed(lambda: search_listings(Search(words="lantern", sort="new")), rounds=30)
        ranked = timed(lambda: search_listings(Search(words="lantern", sort="relevance")), rounds=30)
    with httpx.Client(base_url=running.url) as client:
        api = timed(lambda: client.get("/api/v1/listings?q=lantern&sort=new"), rounds=30)
    for name, took in (("service", service), ("service, by relevance", ranked), ("API, whole", api)):
        yield (
            f"search of 20,000, {name}",
            f"{took * 1e3:.1f} ms",
            f"bare SQL {theirs * 1e3:.1f} ms",
            f"{took / theirs:.1f}",
        )


def people(running: Running) -> tuple[Person, Person]:
    tag = uuid.uuid4().hex[:6]
    developer = running.person(f"bench-{tag}@example.org")
    developer.slug = f"works-{tag}"
    developer.publisher(developer.slug)
    return developer, running.person(f"bench-mod-{tag}@example.org", "moderator")


def timed(act: Callable[[], object], *, rounds: int) -> float:
    """The median seconds of some rounds."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


MEASURES = {
    "feed": feed, "download": download, "upload": upload, "ingest": ingest, "publish": publish, "search": search,
}  # fmt: skip


def main() -> None:
    wanted = sys.argv[1:] or list(MEASURES)
    if unknown := set(wanted) - set(MEASURES):
        sys.exit(f"There is no measure {min(unknown)!r}; there are {', '.join(MEASURES)}.")
    if shutil.which("wrk") is None or shutil.which("nginx") is None:
        sys.exit("Install wrk and nginx-light first: apt-get install wrk nginx-light")
    print("| what | Marquee | baseline in the same run | ratio |\n|---|---|---|---|")
    for name in wanted:
        with marquee() as running:
            for row in MEASURES[name](running):
                print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
