"""How findings are told: file, rule, what is wrong, what mends it. The same for local and server's ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from marquee_client.speaking import Voice

ORDER = ("error", "warning", "info")


def tell_findings(voice: Voice, findings: Sequence[Mapping[str, Any]]) -> None:
    """Say each finding, the gravest first."""
    for finding in sorted(findings, key=lambda one: ORDER.index(one["severity"])):
        place = f" {finding['path']}" if finding.get("path") else ""
        line = f" line {finding['line']}" if finding.get("line") else ""
        voice.say(f"  {finding['severity']}{place}{line} [{finding['code']}]", finding["severity"])
        voice.say(f"    {finding['message']}")
        voice.say(f"    Fix: {finding['fix']}")


def counted(findings: Sequence[Mapping[str, Any]]) -> str:
    """Return how many findings of each weight there are, in words."""
    numbers = {name: sum(one["severity"] == name for one in findings) for name in ORDER}
    words = [f"{number} {name}{'s' * (number > 1)}" for name, number in numbers.items() if number]
    return ", ".join(words) or "nothing found"
