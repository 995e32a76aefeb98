"""What a publisher says of a release's license once the release is there: a grant, an offer of its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import click

from marquee_client.faults import Misused
from marquee_client.server import Server
from marquee_client.speaking import Voice

SOURCE_WANTED = (
    "it holds compiled code under a license that asks for its source: no copy leaves before you attach the "
    "source or offer it with --source-offer URL --source-until DATE"
)


@dataclass(frozen=True, slots=True)
class LicenseWords:
    """What is to be said: the license, the digest of the submission terms granted under, the offer's body."""

    license: str | None = None
    terms_digest: str | None = None
    offer: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class LicenseOptions:
    """The options of ``marquee publish`` that are about the license."""

    license: str | None
    grant: bool
    yes: bool
    offer: Mapping[str, str] | None

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> Self:
        """Take them out of all options. Raises Misused."""
        offer = read_offer(options.pop("source_offer"), options.pop("source_until"))
        return cls(options["license"], options.pop("grant"), options.pop("yes"), offer)

    def agreed(self, voice: Voice, server: Server) -> LicenseWords:
        """Return what is to be said, having had the submission terms agreed to. Raises Misused."""
        digest = agree_to_terms(voice, server, yes=self.yes) if self.grant else None
        return LicenseWords(self.license, digest, self.offer)


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
    """Say what is known and not on record yet; ask for, or tell, what is still open after that."""
    address = f"releases/{release_id}/license"
    record = server.get(address)
    if words.license is not None and "license" in record["asked"] and not _is_said(record, words.license):
        record = _declare(voice, server, address, words.license)
    if words.terms_digest is not None:
        record = _grant(voice, server, record, words.terms_digest)
    if words.offer is not None:
        record = server.put_json(f"{address}/source-offer", words.offer)
        voice.say(f"  source offered at {words.offer['address']}", "good")
    if "license" in record["asked"] and record["declared"] is None and record["basis"] == "none":
        record = _ask(voice, server, address, record)
    if "source" in record["asked"]:
        voice.say(f"  {SOURCE_WANTED}", "warning")


def _ask(voice: Voice, server: Server, address: str, record: dict[str, Any]) -> dict[str, Any]:
    """Ask a person which license it has, what the files say filled in; without one, say how to say it."""
    if not voice.asks:
        found = f" (its files say {record['suggested']})" if record["suggested"] else ""
        voice.say(f"  the bundle declares no license{found}; say it with --license, or --grant it", "warning")
        return record
    question = "The bundle declares no license. Which has it (an SPDX expression; nothing leaves it open)"
    said = click.prompt(question, default=record["suggested"] or "", show_default=bool(record["suggested"]))
    return _declare(voice, server, address, said) if said.strip() else record


def _declare(voice: Voice, server: Server, address: str, text: str) -> dict[str, Any]:
    record = server.put_json(f"{address}/declared", {"license": text})
    voice.say(f"  license declared: {text}", "good")
    return record


def _is_said(record: Mapping[str, Any], text: str) -> bool:
    return record["declared"] is not None and record["declared"]["text"] == " ".join(text.split())


def _grant(voice: Voice, server: Server, record: dict[str, Any], digest: str) -> dict[str, Any]:
    if record["basis"] != "none":
        why = "it was granted before" if record["basis"] == "grant" else "its license lets copies be given"
        voice.say(f"  no grant is needed: {why}", "quiet")
        return record
    made = server.put_json(f"releases/{record['release']}/license/grant", {"terms_digest": digest})
    voice.say("  granted under the submission terms", "good")
    return made
