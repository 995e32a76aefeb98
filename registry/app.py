"""The application: extensions, blueprints, handlers. A list, no logic."""

import os

from apiflask import APIFlask

from registry import database, work
from registry import logging as logs
from registry.settings import Settings, read_settings
from registry.web import (
    access,
    assets,
    compression,
    gate,
    limits,
    openapi,
    problems,
    requests,
    security,
    templating,
)


def create_app(settings: Settings | None = None) -> APIFlask:
    """Build the application for ``settings`` (default: the environment's)."""
    settings = settings or read_settings(os.environ)
    logs.configure_logging()
    app = APIFlask(
        "registry", title="Marquee", version="1", json_errors=False, docs_path=None, spec_path=None
    )
    _configure(app, settings)
    database.install(app)
    app.extensions["marquee_settings"] = settings
    app.extensions["marquee_sender"] = work.make_sender(settings.broker_url)
    requests.install(app)
    gate.install(app)
    compression.install(app)
    security.install(app, settings)
    limits.install(app, settings)
    access.install(app)
    problems.install(app)
    templating.install(app)
    assets.install(app)
    openapi.install(app)
    _register(app)
    return app


def _configure(app: APIFlask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,  # uploads stream past this; see registry/uploads/bodies.py
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=1000,
        SESSION_COOKIE_NAME="__Host-form" if settings.secure else "form",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        VALIDATION_ERROR_STATUS_CODE=422,
        SPEC_FORMAT="json",
        OPENAPI_VERSION="3.1.0",
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]


def _register(app: APIFlask) -> None:
    from registry import blueprints  # noqa: PLC0415 - after the extensions that views use

    for blueprint in blueprints.ALL:
        app.register_blueprint(blueprint)
