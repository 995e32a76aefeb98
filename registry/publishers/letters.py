"""The letters about a publisher's members; every owner gets them, so that no change goes unseen."""

from registry.configured import settings
from registry.publishers.models import Publisher

Letter = tuple[str, str]


def member_set(publisher: Publisher, member: str, role: str, by: str) -> Letter:
    """Tell that somebody has got a role."""
    return _letter(publisher, f"{by} has made {member} {_a(role)} of {publisher.name}.")


def member_removed(publisher: Publisher, member: str, by: str) -> Letter:
    """Tell that somebody is no member any more."""
    who = f"{member} has left" if member == by else f"{by} has removed {member} from"
    return _letter(publisher, f"{who} {publisher.name}.")


def _a(role: str) -> str:
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"


def _letter(publisher: Publisher, sentence: str) -> Letter:
    site = settings()
    text = (
        f"Hello,\n\n{sentence}\n\n"
        "If this should not be, change it on the publisher's page, or tell the operator at once:\n\n"
        f"{site.public_url}/publishers/{publisher.slug}\n\n-- \n{site.site_name}\n"
    )
    return f"{site.site_name}: the members of {publisher.name} have changed", text
