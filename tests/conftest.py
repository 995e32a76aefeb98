"""The fixtures that everybody uses: real services, the application, a client, a clean database.

What they need is imported when they are asked for: the tests of pure parts load nothing of it.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import ORMExecuteState

    from registry.accounts.models import Account
    from registry.settings import Settings
    from tests.asking import Asking
    from tests.clean import Cleaner
    from tests.given import Given
    from tests.services import Services
    from tests.visiting import Visitor

PUBLIC_URL = "http://marquee.test"


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Services]":
    """The real PostgreSQL, Valkey and SeaweedFS: one set for the session, a share for each worker."""
    from tests.services import start_services

    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # one for all workers
    with start_services(folder / "services") as started:
        yield started


@pytest.fixture(scope="session")
def environ(services: "Services", tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings as environment, for programs that a test starts."""
    home = tmp_path_factory.mktemp("home")
    return {**services.environ, "MARQUEE_HOME": str(home), "PUBLIC_URL": PUBLIC_URL}


@pytest.fixture(scope="session")
def settings(environ: dict[str, str]) -> "Settings":
    """The settings of the application under test."""
    from registry.settings import read_settings

    return read_settings(environ)


@pytest.fixture(scope="session")
def app(settings: "Settings") -> "Flask":
    """The application, on a migrated database."""
    from registry.app import create_app
    from registry.migrations import migrate
    from tests.asking import Asking

    migrate(settings.database_url)
    made = create_app(settings)
    made.test_client_class = Asking
    return made


@pytest.fixture(scope="session")
def cleaner(app: "Flask", settings: "Settings") -> "Iterator[Cleaner]":
    from tests.clean import Cleaner

    made = Cleaner(settings.database_url, settings.broker_url)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def clean(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty the database after each test that uses it; fail a test that leaves something open."""
    if "app" not in request.fixturenames:
        yield
        return
    cleaner: Cleaner = request.getfixturevalue("cleaner")
    yield
    left = cleaner.left_open()
    if request.node.get_closest_marker("leaves_claims") is not None:
        left = [what for what in left if not what.startswith("claimed")]
    cleaner.clean()
    assert not left, f"the test left behind: {', '.join(left)}"


@pytest.fixture
def in_app(app: "Flask") -> "Iterator[Flask]":
    """The application's context for the whole test: for tests that call services."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: "Flask") -> "Asking":
    """A client that nobody has signed in; ``client.bearing(token)`` makes one that carries a token."""
    made: Asking = app.test_client()  # type: ignore[assignment]
    return made


@pytest.fixture
def visit(app: "Flask", given: "Given") -> "Callable[..., Visitor]":
    """``visit()`` is somebody at a browser, ``visit(account)`` one who is signed in."""
    from tests.visiting import Visitor

    def come(account: "Account | None" = None) -> Visitor:
        return Visitor(app, given.signed_in(account) if account else None)

    return come


@pytest.fixture
def given(app: "Flask") -> "Given":
    """Builders that act through the services."""
    from tests.given import Given

    return Given(app)


@pytest.fixture
def queries(app: "Flask") -> "Iterator[Callable[[], AbstractContextManager[list[str]]]]":
    """``with queries() as asked``: the statements that the session sends meanwhile."""
    from sqlalchemy import event

    from registry.database import db

    @contextmanager
    def listen() -> Iterator[list[str]]:
        asked: list[str] = []

        def note(state: "ORMExecuteState") -> None:
            asked.append(str(state.statement))

        event.listen(db.session, "do_orm_execute", note)
        try:
            yield asked
        finally:
            event.remove(db.session, "do_orm_execute", note)

    return listen


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of specifications and real metadata; without it a test is skipped, visibly."""
    named = os.environ.get("MARQUEE_SHARED")
    folder = Path(named) if named else Path(__file__).resolve().parent.parent.parent / "shared"
    if not folder.is_dir():
        if named:
            pytest.fail(f"MARQUEE_SHARED names {named}, which is not there")
        pytest.skip("MARQUEE_SHARED is not set and ../shared is not there")
    return folder
