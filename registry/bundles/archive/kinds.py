"""What an entry may be: a plain file or folder. Links, devices and special bits are not for bundles."""

import stat

from registry.bundles.findings import BundleRejected, Finding, Severity, rejected

_SPECIAL_BITS = stat.S_ISUID | stat.S_ISGID | stat.S_ISVTX
_NAMES = {
    stat.S_IFLNK: "symbolic link",
    stat.S_IFCHR: "character device",
    stat.S_IFBLK: "block device",
    stat.S_IFIFO: "named pipe",
    stat.S_IFSOCK: "socket",
}


def check_mode(mode: int, name: str) -> None:
    """Refuse a Unix mode that is no plain file or folder (``entry.special``) or has special bits."""
    kind = stat.S_IFMT(mode)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise special(_NAMES.get(kind, f"file of type {kind:o}"), name)
    if mode & _SPECIAL_BITS:
        raise rejected(
            "entry.mode",
            f"{name} has mode {stat.S_IMODE(mode):04o}: setuid, setgid and sticky are not for bundles",
            f"Remove the bits (chmod u-s,g-s,-t {name}) and pack the files again.",
            path=name,
        )


def special(what: str, name: str) -> BundleRejected:
    """Make the refusal of an entry that is no file, with the way to mend it."""
    return rejected(
        "entry.special",
        f"{name} is a {what}; a bundle holds files and folders only",
        "Put a copy of what it points to in its place: cp -RL copies a folder with links resolved, "
        "and zip -r without -y stores files instead of links.",
        path=name,
    )


def world_writable(names: list[str]) -> Finding:
    """Make the remark on files that anybody may change; honest archives often have them."""
    more = f" (and {len(names) - 1:,} more)" if len(names) > 1 else ""
    return Finding(
        "entry.mode",
        Severity.WARNING,
        f"{names[0]} may be changed by every account of the server{more}",
        "Pack the files with mode 644 and folders with 755 (chmod -R go-w).",
        names[0],
    )
