"""Agent or channel, by class, identifier and code.

``PlexPluginClass`` decides where it and the identifier agree; of 64 real bundles 62 do and are
right. Where they do not, the code's own words decide, and class before identifier when it has none.
"""

from registry.bundles.ecosystems.base import Kind
from registry.bundles.ecosystems.plex.code import Code
from registry.bundles.ecosystems.plex.info import Info
from registry.bundles.findings import Finding

KEY = "PlexPluginClass"


def kind_of(info: Info, code: Code) -> tuple[Kind, list[Finding]]:
    """Return the kind, with a finding where the signs disagree."""
    by_class = info.says(KEY, "Agent")
    identifier = info.identifier.casefold()
    by_name = "agents" in identifier
    if by_class == by_name:
        return _kind(agent=by_class), []
    if code.agent or code.channel:
        agent, why = code.agent, "its code decides"
    elif by_class:
        agent, why = ".plugins." not in identifier, "class and .plugins. in the name decide"
    else:
        agent, why = not info.text(KEY), "the name decides where no class is given"
    kind = _kind(agent=agent)
    finding = info.place(KEY).warning(
        "plex.kind_unclear",
        f"{KEY} is {info.text(KEY) or 'missing'} and the identifier {info.identifier}; {why}: {kind}.",
        f"An agent has {KEY} Agent and .agents. in its identifier; a channel has neither.",
    )
    return kind, [finding]


def _kind(*, agent: bool) -> Kind:
    return Kind.AGENT if agent else Kind.CHANNEL
