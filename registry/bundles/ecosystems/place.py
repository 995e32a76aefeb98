"""Where in an upload something was found, and what is said of it."""

from typing import NamedTuple

from registry.bundles.findings import BundleRejected, Finding, Severity, rejected


class Place(NamedTuple):
    """An entry of the bundle (or the metadata file itself) and a line in it, counted from 1."""

    path: str | None = None
    line: int | None = None

    def on(self, line: int | None) -> "Place":
        """Return the same file's other line."""
        return self._replace(line=line)

    def rejection(self, code: str, message: str, fix: str) -> BundleRejected:
        """Return the exception that ends the upload here."""
        return rejected(code, message, fix, path=self.path, line=self.line)

    def error(self, code: str, message: str, fix: str) -> Finding:
        """Return a finding that ends the upload once everything else is told too."""
        return Finding(code, Severity.ERROR, message, fix, self.path, self.line)

    def warning(self, code: str, message: str, fix: str) -> Finding:
        """Return a finding for the publisher and the moderator."""
        return Finding(code, Severity.WARNING, message, fix, self.path, self.line)

    def info(self, code: str, message: str, fix: str) -> Finding:
        """Return a finding for the record."""
        return Finding(code, Severity.INFO, message, fix, self.path, self.line)
