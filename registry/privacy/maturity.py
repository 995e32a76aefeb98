"""Maturity labels, from everyone to adults only, and the limit that never lets more through. Pure."""

LEVELS = ("everyone", "teen", "mature", "adult")


def levels_within(limit: str) -> tuple[str, ...]:
    """Return the labels up to a limit. What has no label is within none: nobody has said that it is fit.

    Raises ValueError for an unknown limit.
    """
    return LEVELS[: LEVELS.index(limit) + 1]


def is_within(label: str | None, limit: str | None) -> bool:
    """Say whether a listing of this label may be shown under a limit (None: no limit)."""
    return limit is None or (label is not None and label in levels_within(limit))


def strictest(*labels: str | None) -> str | None:
    """Return the highest of some labels; None where there is none."""
    return max((label for label in labels if label), key=LEVELS.index, default=None)
