"""``privacy.toml``: a publisher's declaration inside the bundle. Strict: nothing is guessed.

A row or value that breaks a rule is left out and told as a finding, so that nothing wrong counts as
declared; ``none`` beside anything that leaves the server counts as not said.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from registry.bundles.archive.base import Bundle
from registry.bundles.findings import BundleRejected, Finding, Severity
from registry.bundles.limits import DEFAULT_LIMITS, Limits
from registry.bundles.manifests.parsed import Parsed
from registry.bundles.manifests.toml import parse_toml
from registry.bundles.privacy import taxonomy
from registry.bundles.privacy.declaration import DataRow, Declaration

NAME = "privacy.toml"
SCHEMA = "docs/schemas/privacy.toml.schema.json has every key."
MOST_HOSTS = 1000
MOST_ROWS = 100
KEYS = ("policy_url", "hosts", "children", "none", "data")
ADDRESS = re.compile(r"https?://[^\s\x00-\x20\x7f]{1,1000}")
HOST = re.compile(r"(?=.{1,253}$)(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}")
_WORDS = {"basis": taxonomy.BASES, "linked": taxonomy.LINKED, "transit": taxonomy.TRANSIT}
_LISTS = {"purposes": taxonomy.PURPOSES, "recipients": taxonomy.RECIPIENTS}
ROW_KEYS = ("code", *_LISTS, *_WORDS, "retention_days", "deletion", "precision")


def path_in(bundle: Bundle) -> str | None:
    """Return where the file is: at the root, or in the one folder that holds everything."""
    if NAME in bundle:
        return NAME
    tops = {entry.name.partition("/")[0] for entry in bundle.entries}
    path = f"{next(iter(tops), '')}/{NAME}"
    return path if len(tops) == 1 and path in bundle else None


def declared_in(
    bundle: Bundle, limits: Limits = DEFAULT_LIMITS
) -> tuple[Declaration | None, tuple[Finding, ...]]:
    """Return the declaration of a bundle, None without one, and what is wrong with it."""
    path = path_in(bundle)
    if path is None:
        return None, ()
    try:
        content = bundle.read(path, limits.manifest_bytes)
    except BundleRejected as error:
        return None, (error.finding,)
    return read_privacy_toml(content, path=path, limits=limits)


def read_privacy_toml(
    content: bytes, *, path: str = NAME, limits: Limits = DEFAULT_LIMITS
) -> tuple[Declaration | None, tuple[Finding, ...]]:
    """Return (declaration, findings); None where the file cannot be read as TOML. Raises nothing."""
    try:
        parsed = parse_toml(content, path=path, limits=limits)
    except BundleRejected as error:
        return None, (error.finding,)
    reading = Reading(parsed, path)
    return reading.declaration(), tuple(reading.findings)


class Reading:
    """One reading of the file, which gathers what is wrong."""

    def __init__(self, parsed: Parsed[dict[str, Any]], path: str) -> None:
        self._parsed = parsed
        self._path = path
        self.findings: list[Finding] = []

    def declaration(self) -> Declaration:
        """Return what is soundly declared."""
        said = self._parsed.value
        self._unknown(said, KEYS, ())
        made = Declaration(
            policy_url=self._address("policy_url"),
            hosts=self._hosts(),
            children=self._children(),
            none=self._none(),
            data=tuple(self._rows()),
        )
        return self._consistent(made)

    def _consistent(self, made: Declaration) -> Declaration:
        if made.none and (self._parsed.value.get("data") or made.hosts):
            self._tell(
                "privacy_toml.contradicts_itself",
                f"{self._path} says none = true and names data or hosts as well; it counts as not said.",
                "Remove none, or remove every [[data]] and hosts.",
                ("none",),
            )
            return replace(made, none=False)
        if not made.none and not self._parsed.value.get("data"):
            self._tell(
                "privacy_toml.no_data",
                f"{self._path} does not say which data leaves the server.",
                "Add a [[data]] for each sort of data, or none = true where none does.",
                (),
                Severity.WARNING,
            )
        return made

    def _unknown(self, said: dict[str, Any], known: tuple[str, ...], at: tuple[str | int, ...]) -> None:
        for key in said.keys() - set(known):
            self._tell(
                "privacy_toml.unknown_key",
                f"{self._path} has the key {_shown(key)}, which means nothing.",
                f"Use only {', '.join(known)}.",
                (*at, key),
                Severity.WARNING,
            )

    def _address(self, key: str) -> str | None:
        value = self._parsed.value.get(key)
        if value is None:
            return None
        if isinstance(value, str) and ADDRESS.fullmatch(value):
            return value
        self._wrong(value, "an address that begins with https://", (key,))
        return None

    def _hosts(self) -> tuple[str, ...] | None:
        value = self._parsed.value.get("hosts")
        if value is None:
            return None
        if not isinstance(value, list) or len(value) > MOST_HOSTS:
            self._wrong(value, 'a list of host names: hosts = ["api.example.org"]', ("hosts",))
            return None
        return tuple(dict.fromkeys(self._sound_hosts(value)))

    def _sound_hosts(self, value: list[Any]) -> Iterator[str]:
        for each in value:
            if isinstance(each, str) and HOST.fullmatch(each.lower()):
                yield each.lower()
            else:
                self._wrong(each, "a host name without scheme or path, such as api.example.org", ("hosts",))

    def _children(self) -> str:
        value = self._parsed.value.get("children", "unknown")
        if isinstance(value, str) and value in taxonomy.CHILDREN:
            return str(value)
        self._wrong(value, f"one of {', '.join(taxonomy.CHILDREN)}", ("children",))
        return "unknown"

    def _none(self) -> bool:
        value = self._parsed.value.get("none", False)
        if not isinstance(value, bool):
            self._wrong(value, "true, or left out", ("none",))
        return value is True

    def _rows(self) -> Iterator[DataRow]:
        value = self._parsed.value.get("data", [])
        if not isinstance(value, list) or len(value) > MOST_ROWS:
            self._wrong(value, f"tables [[data]], at most {MOST_ROWS}", ("data",))
            return
        for number, row in enumerate(value):
            if isinstance(row, dict):
                yield from self._row(row, ("data", number))
            else:
                self._wrong(row, "a table [[data]]", ("data", number))

    def _row(self, row: dict[str, Any], at: tuple[str | int, ...]) -> Iterator[DataRow]:
        self._unknown(row, ROW_KEYS, at)
        code = row.get("code")
        if not isinstance(code, str) or code not in taxonomy.DATA:
            self._tell(
                "privacy_toml.unknown_code",
                f"{self._path} declares data of the code {_shown(code)}, which is none; it does not count.",
                f"Use one of {', '.join(taxonomy.DATA)}.",
                (*at, "code"),
            )
            return
        lists = {key: self._words(row.get(key), key, at) for key in _LISTS}
        if all(lists.values()):
            words = {key: self._word(row.get(key), key, at) for key in _WORDS}
            retention, deletion = self._retention(row, at), self._deletion(row, at)
            yield DataRow(
                code, lists["purposes"], lists["recipients"], **words,
                retention_days=retention, deletion=deletion, precision=self._precision(row, at),
            )  # fmt: skip

    def _words(self, value: Any, key: str, at: tuple[str | int, ...]) -> tuple[str, ...]:
        known = _LISTS[key]
        if (
            isinstance(value, list)
            and value
            and all(isinstance(each, str) and each in known for each in value)
        ):
            return tuple(dict.fromkeys(value))
        self._wrong(value, f"a list of {', '.join(known)}; without it the row does not count", (*at, key))
        return ()

    def _word(self, value: Any, key: str, at: tuple[str | int, ...]) -> str | None:
        if value is None:
            return None
        if isinstance(value, str) and value in _WORDS[key]:
            return value
        self._wrong(value, f"one of {', '.join(_WORDS[key])}", (*at, key))
        return None

    def _retention(self, row: dict[str, Any], at: tuple[str | int, ...]) -> int | str | None:
        value = row.get("retention_days")
        if value is None:
            return None
        if value == taxonomy.UNKNOWN_RETENTION:
            return taxonomy.UNKNOWN_RETENTION
        if (
            isinstance(value, int)
            and not isinstance(value, bool)
            and 0 <= value <= taxonomy.LONGEST_RETENTION_DAYS
        ):
            return int(value)
        self._wrong(value, 'a number of days, or "unknown"', (*at, "retention_days"))
        return None

    def _deletion(self, row: dict[str, Any], at: tuple[str | int, ...]) -> str | None:
        value = row.get("deletion")
        if value is None:
            return None
        if isinstance(value, str) and (value == taxonomy.NO_DELETION or ADDRESS.fullmatch(value)):
            return value
        self._wrong(value, 'an address that begins with https://, or "none"', (*at, "deletion"))
        return None

    def _precision(self, row: dict[str, Any], at: tuple[str | int, ...]) -> str | None:
        value = row.get("precision")
        if value is None:
            return None
        if row["code"] == taxonomy.LOCATION and isinstance(value, str) and value in taxonomy.PRECISION:
            return value
        known = " or ".join(taxonomy.PRECISION)
        self._wrong(
            value, f"{known}, and stands only beside code = {taxonomy.LOCATION!r}", (*at, "precision")
        )
        return None

    def _wrong(self, value: Any, wanted: str, at: tuple[str | int, ...]) -> None:
        key = next((str(each) for each in reversed(at) if isinstance(each, str)), "")
        message = f"{self._path} says {key} = {_shown(value)}; it must be {wanted}."
        self._tell("privacy_toml.value", message, SCHEMA, at)

    def _tell(
        self,
        code: str,
        message: str,
        fix: str,
        at: tuple[str | int, ...],
        severity: Severity = Severity.ERROR,
    ) -> None:
        line = self._parsed.line(*at) if at else None
        self.findings.append(Finding(code, severity, message, fix, self._path, line))


def _shown(value: Any) -> str:
    return "nothing" if value is None else repr(value)[:80]
