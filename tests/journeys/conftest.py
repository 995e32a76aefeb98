"""One running Marquee for the stories that only look and add; others start their own.

It ends with the last of these stories: an idle one takes an eighth of a processor from the tests after.
"""

from collections.abc import Iterator

import pytest

from tests.journeys.running import Person, Running


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    # Tests that send a hundred requests at once come from addresses of their own, or limits would tell.
    started = Running(tmp_path_factory.mktemp("running") / "home", TRUSTED_PROXIES="127.0.0.1")
    started.home.mkdir()
    try:
        started.start()
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="package")
def developer(running: Running) -> Person:
    person = running.person("developer@example.org")
    person.publisher("lantern")
    return person


@pytest.fixture(scope="package")
def moderator(running: Running) -> Person:
    return running.person("moderator@example.org", "moderator")
