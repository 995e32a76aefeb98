"""``marquee``: packs, checks and publishes plug-ins. Of the server it knows only its readers of bundles."""

__version__ = "0.1.0"
