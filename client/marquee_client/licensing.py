"""What a publisher says of a release's license once the release is there: a grant, an offer of its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import click

from marquee_client.faults import Misused
from marquee_client.server import Server
from marquee_client.speaking import Voice


@dataclass(frozen=True, slots=True)
class LicenseWords:
    """What is to be said: the digest of the submission terms granted under, and the offer's body."""

    terms_digest: str | None = None
    offer: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class LicenseOptions:
    """The options of ``marquee publish`` that are about the license: ``--grant``, ``--yes``, the offer."""

    grant: bool
    yes: bool
    offer: Mapping[str, str] | None

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> Self:
        """Take them out of all options. Raises Misused."""
        offer = read_offer(options.pop("source_offer"), options.pop("source_until"))
        return cls(options.pop("grant"), options.pop("yes"), offer)

    def agreed(self, voice: Voice, server: Server) -> LicenseWords:
        """Return what is to be said, having had the submission terms agreed to. Raises Misused."""
        digest = agree_to_terms(voice, server, yes=self.yes) if self.grant else None
        return LicenseWords(digest, self.offer)


def read_offer(address: str | None, until: datetime | None) -> dict[str, str] | None:
    """Return the body of a written offer of source. Raises Misused for half of one."""
    if address is None and until is None:
        return None
    if address is None or until is None:
        raise Misused("A written offer has both: --source-offer URL and --source-until YYYY-MM-DD.")
    last = until.replace(hour=23, minute=59, tzinfo=UTC)
    return {"address": address, "until": last.isoformat()}


def agree_to_terms(voice: Voice, server: Server, *, yes: bool) -> str:
    """Show the submission terms and have them agreed to; return their digest. Raises Misused."""
    terms = server.get("submission-terms")
    for line in terms["text"].splitlines():
        voice.say(line)
    if yes:
        return str(terms["sha256"])
    if not voice.asks:
        raise Misused(
            f"--grant asks you to agree to the submission terms, version {terms['version']}; read them at "
            f"{server.url}/api/v1/submission-terms, then say --yes."
        )
    if not click.confirm(f"Grant the release to {server.url} under these terms"):
        raise Misused("Nothing was granted and nothing was sent.")
    return str(terms["sha256"])


def say_of_license(voice: Voice, server: Server, release_id: str, words: LicenseWords) -> None:
    """Tell the server what is said, where it is not on record yet; what is needless is left out and told."""
    record = server.get(f"releases/{release_id}/license")
    if words.terms_digest is not None:
        _grant(voice, server, record, words.terms_digest)
    if words.offer is not None:
        server.put_json(f"releases/{release_id}/license/source-offer", words.offer)
        voice.say(f"  source offered at {words.offer['address']}", "good")


def _grant(voice: Voice, server: Server, record: Mapping[str, Any], digest: str) -> None:
    if record["basis"] != "none":
        why = "it was granted before" if record["basis"] == "grant" else "its license lets copies be given"
        voice.say(f"  no grant is needed: {why}", "quiet")
        return
    server.put_json(f"releases/{record['release']}/license/grant", {"terms_digest": digest})
    voice.say("  granted under the submission terms", "good")
