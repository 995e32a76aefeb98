"""The privacy half of the decision on a copy: must a notice be acknowledged first? Pure.

``inform``: pages, the command line and calls with an account's or a server's token ask once a digest; clients
that speak only their own protocol are told, not refused. ``acknowledge``: those are refused too.
"""

from registry.conveyance.models import Recipient

INFORM, ACKNOWLEDGE = "inform", "acknowledge"
RULE = "privacy.acknowledge"
HOW = (
    "Read /notices/DIGEST, then press its button, run `marquee acknowledge DIGEST`, or PUT "
    '{"subject": "notice", "digest": "DIGEST"} to /api/v1/acknowledgements.'
)
#: They read a release to make or to review it; nothing of it is conveyed to them to be run.
NEVER_ASKED = frozenset({Recipient.MEMBER, Recipient.MODERATOR})


def privacy_need(
    *,
    first_party: bool,
    notice_digest: str | None,
    acknowledged: bool,
    gate: str,
    recipient: Recipient,
    own_protocol: bool,
) -> str | None:
    """Return the rule that refuses a copy (403 ``privacy.acknowledge``), or None where nothing is needed.

    ``acknowledged``: the recipient has acknowledged exactly ``notice_digest``. ``own_protocol``: the request
    came through a feed address, personal or not, whose client cannot ask its user. Total. A third party's
    release without a notice cannot be acknowledged: with ``acknowledge`` it stays refused.
    """
    if first_party or recipient in NEVER_ASKED:
        return None
    if acknowledged and notice_digest is not None:
        return None
    if gate == ACKNOWLEDGE:
        return RULE
    told_only = own_protocol or recipient is Recipient.ANONYMOUS or notice_digest is None
    return None if told_only else RULE
