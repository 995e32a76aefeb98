"""The WSGI entry."""

from registry.app import create_app

app = create_app()
