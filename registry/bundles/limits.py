"""How large anything in an upload may be. An operator may lower or raise each."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one upload; bytes, counts and seconds as named."""

    upload_bytes: int = 512 * MIB
    unpacked_bytes: int = 1024 * MIB
    entries: int = 20_000
    path_bytes: int = 240
    segment_bytes: int = 120
    depth: int = 16
    entry_bytes: int = 256 * MIB
    entry_ratio: int = 100
    entry_ratio_from_bytes: int = 1 * MIB
    total_ratio: int = 50
    total_ratio_from_bytes: int = 64 * MIB
    manifest_bytes: int = 256_000
    manifest_depth: int = 32
    manifest_nodes: int = 10_000
    image_side_px: int = 4096
    image_bytes: int = 2 * MIB
    cpu_s: int = 60
    wall_s: int = 120
    memory_bytes: int = 768 * MIB


DEFAULT_LIMITS = Limits()
