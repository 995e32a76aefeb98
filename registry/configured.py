"""The settings of the running application."""

from flask import current_app

from registry.settings import Settings


def settings() -> Settings:
    """Return the settings that the application was built with."""
    given: Settings = current_app.extensions["marquee_settings"]
    return given
