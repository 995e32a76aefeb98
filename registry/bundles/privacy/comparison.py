"""Compares what is declared with what was found; each E4 names both sides and the places.

Only hosts of E2 and up can contradict: a string alone reaches nothing. Local addresses never do.
"""

from collections.abc import Iterator, Sequence

from registry.bundles.findings import Finding, Severity
from registry.bundles.privacy.companies import AD_ANALYTICS
from registry.bundles.privacy.declaration import Declaration
from registry.bundles.privacy.evidence import Contradiction, HostFound, Level, Trace

MOST_CONTRADICTIONS = 200
MOST_SHOWN = 10


def contradictions_of(declared: Declaration | None, hosts: Sequence[HostFound]) -> Iterator[Contradiction]:
    """Yield a contradiction for each host that the declaration leaves out."""
    if declared is None:
        return
    told = 0
    for host in sorted(hosts, key=lambda host: host.role != AD_ANALYTICS):
        said = _leaves_out(declared, host) if host.level is not Level.E1 else None
        if said is not None and (told := told + 1) <= MOST_CONTRADICTIONS:
            yield Contradiction(said, f"{host.host} ({host.level}, found in the code)", host.evidence)


def _leaves_out(declared: Declaration, host: HostFound) -> str | None:
    """Return what the declaration says that leaves the host out; None where nothing does."""
    if declared.none:
        return "none"
    if declared.hosts is not None and not any(covers(each, host.host) for each in declared.hosts):
        return _shown(declared.hosts)
    told = any(AD_ANALYTICS in row.recipients for row in declared.data)
    if host.role == AD_ANALYTICS and not told:
        return f"no data goes to {AD_ANALYTICS}"
    return None


def _shown(hosts: Sequence[str]) -> str:
    more = f" and {len(hosts) - MOST_SHOWN} more" if len(hosts) > MOST_SHOWN else ""
    return f"hosts = [{', '.join(hosts[:MOST_SHOWN])}{more}]"


def covers(declared: str, found: str) -> bool:
    """Say whether a declared host is the found one: itself, or below it where it begins with ``*.``.

    A host whose first part is put in at run time (``*.x.org``) is covered by ``x.org`` as well.
    """
    plain = found.removeprefix("*.")
    if declared.startswith("*."):
        return f".{plain}".endswith(declared[1:])
    return declared == plain


def remarks_of(declared: Declaration | None, data: Sequence[Trace]) -> Iterator[Finding]:
    """Yield a remark for data that the code reads and no row names: read does not mean sent."""
    if declared is None or declared.none:
        return
    rows = {row.code for row in declared.data}
    for trace in data:
        if trace.code not in rows:
            place = trace.evidence[0]
            yield Finding(
                "privacy.data_not_declared",
                Severity.INFO,
                f"{place.path} names what gives {trace.code}; the declaration has no row for it.",
                f'Add [[data]] with code = "{trace.code}" where it leaves the server.',
                place.path,
                place.line,
            )
