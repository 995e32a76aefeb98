"""Migrations: one line of them, the same as the models, up and down, and what they keep from changing."""

from collections.abc import Iterator

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import UniqueConstraint, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from registry import migrations
from registry.bundles.ecosystems.base import Kind
from registry.clock import now
from registry.database import db, session, transaction
from registry.listings.models import Listing
from registry.models import METADATA
from registry.releases.models import Artifact, Picture, Release
from registry.releases.states import ReleaseState
from registry.review.models import Decision, Verdict


@pytest.fixture(scope="module")
def empty_url(services) -> Iterator[str]:
    """An empty database of its own."""
    name = f"{services.database_url.rsplit('/', 1)[1]}_empty"
    with psycopg.connect(services.database_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
        address = services.database_url.rsplit("/", 1)[0]
        yield f"{address}/{name}".replace("postgresql://", "postgresql+psycopg://")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def test_there_is_one_head():
    assert migrations.head()


def test_an_empty_database_comes_up_to_the_models_and_back_down(empty_url):
    """`make migration` drafts a migration; while 0001 is the only one, draft it anew (see drafting.py)."""
    migrations.migrate(empty_url)
    migrations.migrate(empty_url)  # a second time changes nothing
    engine = create_engine(empty_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, METADATA) == []
        assert migrations.current(connection) == migrations.head()
    with engine.begin() as connection:
        command.downgrade(migrations.configured(connection), "base")
    engine.dispose()
    assert tables(empty_url) == set()
    migrations.migrate(empty_url)
    assert tables(empty_url) == set(METADATA.tables)


def test_a_migration_that_fails_leaves_nothing_half_done(empty_url, monkeypatch):
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        command.downgrade(migrations.configured(connection), "base")
        connection.execute(text("CREATE TABLE membership (id int)"))
    with pytest.raises(Exception, match="membership"):
        migrations.migrate(empty_url)
    assert tables(empty_url) == {"membership"}
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE membership"))
    engine.dispose()


def test_every_key_to_another_table_has_an_index():
    """Without one, deleting a row walks through the table that refers to it."""
    lacking = []
    for table in METADATA.sorted_tables:
        indexed = [[c.name for c in index.columns] for index in table.indexes]
        indexed.append([c.name for c in table.primary_key.columns])
        indexed += [[c.name for c in u.columns] for u in table.constraints if isinstance(u, UniqueConstraint)]
        for key in table.foreign_keys:
            if not any(columns[:1] == [key.parent.name] for columns in indexed):
                lacking.append(f"{table.name}.{key.parent.name}")
    assert lacking == []


# What the database itself keeps from changing


@pytest.fixture
def rows(app, given):
    """A published release with an artifact, a picture and a decision, written past the triggers."""
    account = given.account()
    publisher = given.publisher(account)

    def write() -> None:
        listing = Listing(
            publisher_id=publisher.id, ecosystem="kodi", identifier="plugin.x", kind=Kind.PLUGIN,
            name="X", skeleton="x",
        )  # fmt: skip
        release = Release(
            listing_id=add(listing), version="1.0", state=ReleaseState.PUBLISHED,
            uploaded_by=account.id, published_at=now(),
        )  # fmt: skip
        add(release)
        add(artifact_of(release.id))
        add(Decision(release_id=release.id, verdict=Verdict.APPROVE, reason="ok"))

    def add(row):
        with transaction() as tx:
            tx.execute(text("SET LOCAL session_replication_role = 'replica'"))
            tx.add(row)
            tx.flush()
        return row.id

    given.run(write)


def artifact_of(release_id) -> Artifact:
    return Artifact(
        release_id=release_id, role="package", filename="a.zip", sha256="a", md5="b", size_bytes=1,
        incoming_key="c",
    )  # fmt: skip


def refused(app, statement: str) -> None:
    with (
        app.app_context(),
        pytest.raises(IntegrityError, match="never changes|only ever added"),
        db.engine.begin() as connection,
    ):
        connection.execute(text(statement))


def done(app, statement: str) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "change",
    [
        "listing_id = listing_id, version = '1.1'",
        "content = '{\"a\": 1}'",
        'said = \'{"license": "MIT"}\'',
        "files = '[1]'",
        "findings = '[1]'",
        "uploaded_by = gen_random_uuid()",
        "created_at = now() - interval '1 day'",
        "published_at = now() + interval '1 day'",
        "published_at = NULL, state = 'waiting'",
        "id = gen_random_uuid()",
    ],
)
def test_a_release_that_was_published_never_changes(app, rows, change):
    refused(app, f"UPDATE release SET {change}")


def test_its_state_and_its_place_in_the_order_may_change(app, rows):
    done(app, "UPDATE release SET state = 'yanked', state_reason = 'broken', order_key = 7")
    refused(app, "UPDATE release SET version = '2.0'")


def test_it_is_never_deleted(app, rows):
    refused(app, "DELETE FROM release")


def test_its_artifacts_and_pictures_are_neither_added_nor_changed_nor_taken_away(in_app, rows):
    release = session().query(Release).one()
    picture = Picture(
        release_id=release.id, role="icon", sha256="a", content_type="image/png", width_px=1,
        height_px=1, size_bytes=1,
    )  # fmt: skip
    for added in (artifact_of(release.id), picture):
        with pytest.raises(IntegrityError, match="never changes"), transaction() as tx:
            tx.add(added)
    refused(in_app, "UPDATE artifact SET filename = 'z'")
    refused(in_app, "DELETE FROM artifact")


def test_before_it_is_published_everything_may_still_change(app, rows):
    done(
        app,
        "SET session_replication_role = 'replica'; "
        "UPDATE release SET published_at = NULL, state = 'waiting'; "
        "SET session_replication_role = 'origin'",
    )
    done(app, "UPDATE release SET findings = '[1]'")
    done(app, "DELETE FROM artifact")


@pytest.mark.parametrize(
    ("table", "insert"),
    [
        ("audit_event", "(at, event, via, subject_type, subject_id, detail) VALUES (now(), 'e', 'v', 's', 'i', '{}')"),
        ("tombstone", "(ecosystem, identifier, version, reason, created_at) VALUES ('kodi', 'x', '1', 'r', now())"),
    ],
)  # fmt: skip
def test_the_audit_trail_and_tombstones_are_only_ever_added_to(app, table, insert):
    done(app, f"INSERT INTO {table} {insert}")
    column = "event" if table == "audit_event" else "reason"
    refused(app, f"UPDATE {table} SET {column} = 'another'")
    refused(app, f"DELETE FROM {table}")
    refused(app, f"TRUNCATE {table}")


def test_a_decision_is_never_changed_or_deleted(app, rows):
    refused(app, "UPDATE decision SET reason = 'another'")
    refused(app, "DELETE FROM decision")
    refused(app, "TRUNCATE decision")
