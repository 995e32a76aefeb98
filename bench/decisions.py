"""What deciding by terms costs: one decision, and its share of a download.

python -m bench.decisions          starts services of its own; takes half a minute

A run from before there were license records cannot be had beside one with them. So the parts that they added
to a download are measured by themselves (the decision, the record joined to the query), and set against the
whole download in the same run.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from licenses import conveyance
from licenses.conveyance import Request
from licenses.spdx import text_of
from registry.accounts.actor import ANONYMOUS
from registry.app import create_app
from registry.clock import now
from registry.conveyance.deciding import Case, decide
from registry.conveyance.models import Recipient
from registry.conveyance.service import WANTED, find_wanted
from registry.database import session
from registry.licensing.models import LicenseRecord
from registry.licensing.terms import InForce
from registry.listings.models import Listing
from registry.migrations import migrate
from registry.releases.models import Artifact, Release
from registry.releases.reading import artifacts_of
from registry.releases.states import ReleaseState
from registry.settings import read_settings
from tests import bundles
from tests.given import Given
from tests.services import start_services
from tests.story import Story

ASKED_US = 50
WITHOUT_RECORD = (
    select(Artifact, Release, Listing)
    .join(Release, Release.id == Artifact.release_id)
    .join(Listing, Listing.id == Release.listing_id)
)
EXPRESSIONS = {
    "MIT": "MIT",
    "two licenses and an exception": "GPL-2.0-or-later WITH Classpath-exception-2.0 AND (MIT OR Apache-2.0)",
    "40 licenses": " AND ".join(["MIT", "BSD-3-Clause", "Apache-2.0", "GPL-3.0-or-later"] * 10),
}


def alternating(first: Callable[[], object], second: Callable[[], object], rounds: int = 500) -> list[float]:
    """The medians of two acts in turn, so that what else the machine does weighs on both."""
    took: list[list[float]] = [[], []]
    for _ in range(rounds):
        for act, times in zip((first, second), took, strict=True):
            began = time.perf_counter()
            act()
            times.append(time.perf_counter() - began)
    return [statistics.median(times) * 1e6 for times in took]


def microseconds(act: Callable[[], object], rounds: int = 2000) -> float:
    """The median of some rounds."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1e6


def row(what: str, took_us: float, against: str, ratio: float) -> None:
    print(f"| {what} | {took_us:.1f} µs | {against} | {ratio:.3f} |", flush=True)


def pure() -> None:
    """One decision, as the download asks it again and again, and for the first time."""
    asked = Request(recipient="account")
    for name, expression in EXPRESSIONS.items():
        again = microseconds(partial(conveyance.decide, expression, asked))
        row(f"a decision, {name}", again, f"asked for {ASKED_US} µs", again / ASKED_US)

        def first(expression: str = expression) -> None:
            conveyance._remembered.cache_clear()
            conveyance.decide(expression, asked)

        anew = microseconds(first, 300)
        row(f"the same, never asked before, {name}", anew, f"asked for {ASKED_US} µs", anew / ASKED_US)


def within(app: Flask, sha256: str) -> None:
    """What the decision adds to a download."""
    client = app.test_client()

    def download() -> None:
        answer = client.get(f"/api/v1/artifacts/{sha256}", base_url="http://marquee.test")
        assert answer.status_code == 200, answer.text
        assert answer.data

    whole = microseconds(download, 200)
    with app.app_context():
        record = session().scalars(select(LicenseRecord)).one()
        case = Case(
            state=ReleaseState.PUBLISHED, ever_published=True, recipient=Recipient.ANONYMOUS, at=now(),
            terms=InForce.of(record, at=now()),
        )  # fmt: skip
        decision = microseconds(lambda: (InForce.of(record, at=case.at), decide(case)))

    def asked(query) -> Callable[[], None]:
        def ask() -> None:
            with app.app_context():
                session().execute(query.where(Artifact.sha256 == sha256)).all()

        return ask

    def find() -> None:
        with app.app_context():
            find_wanted(sha256, by=ANONYMOUS)

    with_record, without = alternating(asked(WANTED), asked(WITHOUT_RECORD))
    finding = microseconds(find, 500)
    joined = max(0.0, with_record - without)
    row("a download, whole", whole, "itself", 1.0)
    row("in it: state, terms and notice decided", decision, "the download", decision / whole)
    row("in it: the license record joined to the query", joined, "the download", joined / whole)
    row("in it: finding and deciding, all of it", finding, "the download", finding / whole)
    print(
        f"\nDeciding by terms is {(decision + joined) / whole:.1%} of a download; 10 % was asked for at most."
    )


def main() -> None:
    print("| what | time | against | ratio |\n|---|---|---|---|")
    pure()
    with (
        tempfile.TemporaryDirectory(prefix="marquee-bench-") as folder,
        start_services(Path(folder) / "s") as up,
    ):
        settings = read_settings({**up.environ, "MARQUEE_HOME": folder, "PUBLIC_URL": "http://marquee.test"})
        migrate(settings.database_url)
        app = create_app(settings)
        given = Given(app)
        bundle = bundles.kodi(license="MIT", more={"LICENSE.txt": text_of("MIT") or ""})
        release = Story(given, first_party=True).published(bundle)
        [artifact] = given.run(lambda: artifacts_of([release.id]))[release.id]
        within(app, artifact.sha256)


if __name__ == "__main__":
    main()
