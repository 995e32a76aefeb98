"""One running Marquee for the stories that only look and add; others start their own."""

from collections.abc import Iterator

import pytest

from tests.journeys.running import Person, Running


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    started = Running(tmp_path_factory.mktemp("running") / "home")
    started.home.mkdir()
    try:
        started.start()
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="session")
def developer(running: Running) -> Person:
    person = running.person("developer@example.org")
    person.publisher("lantern")
    return person


@pytest.fixture(scope="session")
def moderator(running: Running) -> Person:
    return running.person("moderator@example.org", "moderator")
