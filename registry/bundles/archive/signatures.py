"""What an uploaded file is by its first bytes, where it is something that no client installs."""

HEAD_BYTES = 512
ZIP_HEADS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
AR_HEAD = b"!<arch>\n"
ELF_HEAD = b"\x7fELF"

_ARCHIVES = {
    b"\x1f\x8b": "gzip",
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"\xfd7zXZ\x00": "xz",
    b"BZh": "bzip2",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"MSCF": "cabinet",
    b"xar!": "macOS package",
    b"\x60\xea": "ARJ",
}
_PROGRAMS = {
    b"MZ": "Windows program",
    ELF_HEAD: "Linux program",
    b"\xcf\xfa\xed\xfe": "macOS program",
    b"\xce\xfa\xed\xfe": "macOS program",
    b"\xca\xfe\xba\xbe": "macOS program or Java class",
}


def archive_name(head: bytes) -> str | None:
    """Return what kind of archive or packed file begins so, None if it is none."""
    if head.startswith(ZIP_HEADS):
        return "zip"
    if head.startswith(AR_HEAD):
        return "ar"
    if is_tar(head):
        return "tar"
    return _first(_ARCHIVES, head)


def program_name(head: bytes) -> str | None:
    """Return what kind of program begins so, None if it is none."""
    return _first(_PROGRAMS, head)


def _first(table: dict[bytes, str], head: bytes) -> str | None:
    return next((name for magic, name in table.items() if head.startswith(magic)), None)


def is_tar(head: bytes) -> bool:
    """Say whether the first 512 bytes are a tar header: its checksum is right, old or new form."""
    if len(head) < HEAD_BYTES or not head[0]:
        return False
    try:
        claimed = int(head[148:156].strip(b" \0") or b"x", 8)
    except ValueError:
        return False
    return claimed == sum(head[:148]) + 8 * ord(" ") + sum(head[156:512])
