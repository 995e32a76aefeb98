"""What readers of files hand over: a host here, in this role; and the shared way to make one from a text."""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.bundles.privacy.evidence import Evidence, Level, excerpt_of
from registry.bundles.privacy.mentions import (
    is_fetched,
    is_in_sentence,
    is_in_user_agent,
    is_rule,
    is_stand_in,
)
from registry.bundles.privacy.names import Named, hosts_in, is_convincing


@dataclass(frozen=True, slots=True)
class Sighting:
    """One host in one place."""

    host: str
    level: Level
    evidence: Evidence
    local: bool = False


def seen(
    text: str,
    *,
    path: str,
    line: int | None,
    level: Level,
    shown: str | None = None,
    sure: bool | None = None,
) -> Iterator[Sighting]:
    """Yield the hosts of a string literal; ``shown`` is the line that it stands in.

    ``sure`` says whether a name without a scheme stands where a host does; None: where a call is near.
    """
    for named in hosts_in(text):
        before = text[: named.at]
        if is_in_user_agent(before):
            continue
        meant = Level.E2 if is_fetched(before) else level
        if counts(named, meant, sure=sure) and (meant is Level.E2 or not is_in_sentence(before)):
            excerpt = excerpt_of(text, named.at) if shown is None else shown
            yield Sighting(named.host, meant, Evidence(path, line, excerpt), local=named.local)


def counts(named: Named, level: Level, *, sure: bool | None = None) -> bool:
    """Say whether a name is a place: no vocabulary, and with a scheme, a sign of a host or a call."""
    if is_rule(named.host, named.rest):
        return False
    if is_stand_in(named.host, named.rest):
        return level is Level.E2
    return (level is Level.E2 if sure is None else sure) or is_convincing(named)
