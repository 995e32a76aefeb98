"""Plain archives: whatever no other ecosystem takes. Only ``marquee.toml`` says what they are."""

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.base import Metadata, Reading
from registry.bundles.ecosystems.client_app import ClientApp
from registry.bundles.ecosystems.marquee_toml import NAME, merged


class Plain(ClientApp):
    """Zips without a format of their own. Last in the table, since it takes every zip."""

    name = "plain"
    title = "Plain archive"
    ending = ".zip"

    def recognises(self, bundle: Bundle) -> bool:
        """Take every archive."""
        return bundle.container in ("zip", "plain")

    def own(self, bundle: Bundle) -> Reading:  # noqa: ARG002 the protocol's name
        """Return nothing; the archive says nothing by itself."""
        return Reading(Metadata(ecosystem=self.name))

    def recognises_file(self, filename: str, content: bytes) -> bool:  # noqa: ARG002
        """Take ``marquee.toml``."""
        return filename.rpartition("/")[2] == NAME

    def own_file(self, filename: str, content: bytes) -> Reading:
        """Read ``marquee.toml`` alone."""
        return merged(filename, content, Reading(Metadata(ecosystem=self.name)))


PLAIN = Plain()
