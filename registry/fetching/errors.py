"""Why nothing was fetched; each is told to the one who wrote the address."""


class FetchFailed(Exception):
    """Nothing usable is at the address. ``code`` is stable; ``message`` and ``fix`` are for people.

    ``may_pass``: the network or the other side failed, so that it may be there in an hour.
    """

    def __init__(self, code: str, message: str, fix: str, *, may_pass: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.fix, self.may_pass = code, message, fix, may_pass


class Forbidden(FetchFailed):
    """The address itself, or where it leads, is not public (BAD-INPUTS row 66)."""

    def __init__(self, message: str) -> None:
        super().__init__(
            "url.forbidden",
            message,
            "Give the public https:// address that visitors use, of a page of its own.",
        )
