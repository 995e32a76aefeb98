"""Roku's ``manifest``: ``key=value`` lines, split at the first ``=``; ``#`` begins a comment."""

from registry.bundles.findings import Finding, rejected
from registry.bundles.limits import DEFAULT_LIMITS, Limits
from registry.bundles.manifests.parsed import KeyPath, Parsed, check_size, decode_utf8, warning

CODE = "manifest.keyvalue"


def parse_keyvalue(content: bytes, *, path: str, limits: Limits = DEFAULT_LIMITS) -> Parsed[dict[str, str]]:
    """Return the pairs; the last of repeated keys wins, with a finding.

    Raises BundleRejected (``manifest.keyvalue``) with the line that is no pair.
    """
    check_size(content, path, limits)
    text = decode_utf8(content.removeprefix(b"\xef\xbb\xbf"), CODE, path)
    result: dict[str, str] = {}
    lines: dict[KeyPath, int] = {}
    findings: list[Finding] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        key, equals, value = line.partition("=")
        key = key.strip()
        if not equals or not key or "\0" in line:
            raise rejected(
                CODE,
                f"{path} line {number} is {line[:60]!r}; each line is key=value",
                "Write key=value, or begin the line with # to make it a comment.",
                path=path,
                line=number,
            )
        if key in result:
            findings.append(_repeated(path, key, number))
        result[key] = value.strip()
        lines[(key,)] = number
    if text and not text.endswith("\n"):
        findings.append(_unfinished(path, text.count("\n") + 1))
    return Parsed(result, tuple(findings), lines)


def _repeated(path: str, key: str, line: int) -> Finding:
    return warning(
        "keyvalue.repeated_key",
        f"{path} says {key[:80]!r} twice (line {line}); the last one counts",
        "Remove one of them.",
        path=path,
        line=line,
    )


def _unfinished(path: str, line: int) -> Finding:
    return warning(
        "keyvalue.no_newline",
        f"{path} ends without a newline (line {line}); a Roku may miss the last line",
        "Add an empty line at the end.",
        path=path,
        line=line,
    )
