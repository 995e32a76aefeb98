"""Puts the readers of bundles, which the server has too, into the client's wheel and source archive."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = ("registry/__init__.py", "registry/bundles", "licenses")


class CarryTheReaders(BuildHookInterface[Any]):
    """Take ``registry/bundles`` from beside ``client/``, or from a source archive that has it already."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's names
        """Name the files that are included as they are, data files among them."""
        here = Path(self.root)
        source = here if (here / "registry").is_dir() else here.parent
        build_data["force_include"].update({str(source / path): path for path in CARRIED})
