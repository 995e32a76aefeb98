"""Byte ranges, resolved against a blob's size as HTTP does (RFC 9110, section 14.1). Pure."""

from storage.errors import RangeNotSatisfiable

# First and last byte, both inclusive; no last: to the end; a negative first: the last n bytes.
ByteRange = tuple[int, int | None]


def resolve(byte_range: ByteRange | None, size_bytes: int) -> tuple[int, int]:
    """Return first byte and length of what a range means for a blob of this size.

    Raises RangeNotSatisfiable where it holds no byte, ValueError where it is no range.
    """
    if byte_range is None:
        return 0, size_bytes
    first, last = byte_range
    if last is not None and (first < 0 or last < first):
        raise ValueError(f"{byte_range} is no range: it ends before it begins.")
    if first < 0:
        first = max(0, size_bytes + first)
    if first >= size_bytes:
        raise RangeNotSatisfiable(size_bytes)
    end = size_bytes if last is None else min(last + 1, size_bytes)
    return first, end - first
