"""The session of a request, also where the database dies under it."""

from sqlalchemy import create_engine, text

from registry.database import session


def test_a_connection_that_died_takes_nothing_from_an_answer(app):
    with app.app_context():
        own = session().scalar(text("SELECT pg_backend_pid()"))
        other = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
        with other.begin() as second:
            assert second.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": own})
        other.dispose()
    with app.app_context():
        assert session().scalar(text("SELECT 1")) == 1
