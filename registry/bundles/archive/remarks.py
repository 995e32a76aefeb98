"""What is remarked on entries while they go by, gathered into few findings."""

from registry.bundles.archive.kinds import world_writable
from registry.bundles.archive.names import Tree
from registry.bundles.findings import Finding, Severity

_WORLD_WRITABLE = 0o002


class Remarks:
    """Gathers remarks; ``unmarked`` takes names that are UTF-8 without saying so."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._macos: list[str] = []
        self._writable: list[str] = []
        self.unmarked: list[str] = []

    def entry(self, name: str, mode: int) -> None:
        """Look at an entry's name and Unix mode."""
        if name.startswith("__MACOSX/") or name.rpartition("/")[2] == ".DS_Store":
            self._macos.append(name)
        if mode & _WORLD_WRITABLE:
            self._writable.append(name)

    def findings(self) -> tuple[Finding, ...]:
        """Return all remarks, one of each sort."""
        found = list(self.tree.findings)
        if self._writable:
            found.append(world_writable(self._writable))
        if self.unmarked:
            found.append(_unmarked(self.unmarked))
        if self._macos:
            found.append(_macos(self._macos))
        return tuple(found)


def _unmarked(names: list[str]) -> Finding:
    return Finding(
        "path.encoding",
        Severity.INFO,
        f"{names[0]} is UTF-8 without the flag that says so; {len(names):,} such names",
        "Nothing needs to be done; 7-Zip and Python set the flag.",
        names[0],
    )


def _macos(names: list[str]) -> Finding:
    return Finding(
        "archive.macos_files",
        Severity.INFO,
        f"macOS added {len(names):,} files of its own, such as {names[0]}",
        "They do no harm; zip -r -X bundle.zip FOLDER -x '*.DS_Store' leaves them out.",
        names[0],
    )
