"""``marquee publish``: sends files, follows what the server makes of them, tells what it found."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from marquee_client.faults import OK, REFUSED, Misused
from marquee_client.findings import counted, tell_findings
from marquee_client.following import follow_release, follow_upload
from marquee_client.licensing import LicenseWords, say_of_license
from marquee_client.privacy import with_declaration
from marquee_client.sending import Parcel, deliver, forget
from marquee_client.server import Server
from marquee_client.speaking import Voice

KINDS = ("plugin", "channel", "agent", "client")
QUESTIONS = {
    "identifier": "The bundle does not say its identifier. Which is it",
    "version": "The bundle does not say its version. Which is it",
    "name": "The bundle does not say its name. What is it called",
    "kind": "The bundle does not say its kind. Which is it",
    "changes": "The license of the original asks what you changed. Say it",
}
#: Why a release waits for its license or its privacy, and what its maker can do.
WAITS = {
    "license.undecided": "license: it is not concluded; a moderator compares what is said with the files",
    "license.altered": "license: a license text in it has other words than the license; a moderator reads it",
    "license.contradiction": "license: what is declared and what its files say differ",
    "license.changed": "license: it is another one than that of the release before",
    "license.derived": "license: it does not keep the license of the release that it is made from",
    "privacy.contradiction": "privacy: its code names a host that you do not declare; declare it to go on",
    "privacy.required": "privacy: a moderator asked you to declare what it does with data",
    "privacy.widened": "privacy: it contacts, handles or can do more than the release before",
    "privacy.undeclared": "privacy: nothing is declared; add privacy.toml, or --privacy FILE",
}
NOTHING = LicenseWords()
GOOD = frozenset({"waiting", "published"})


class Publication:
    """Publishing to one server, as one publisher."""

    def __init__(
        self, voice: Voice, server: Server, publisher: str | None, *, wait: bool,
        license_words: LicenseWords = NOTHING,
    ) -> None:  # fmt: skip
        self._voice, self._server, self._wait = voice, server, wait
        self._license_words = license_words
        self._publisher = publisher or self._only_publisher()

    def publish(self, path: Path, said: Mapping[str, Any]) -> bool:
        """Publish one file; return whether it waits for review or, when asked to wait, is published."""
        self._voice.say(f"{path.name} to {self._publisher} at {self._server.url}")
        parcel = Parcel.of(path, self._publisher, with_declaration(said, path))
        upload = self._settled(deliver(self._voice, self._server, parcel))
        while upload["needs"] and self._voice.asks:
            self._ask(upload)
            upload = self._settled(self._server.patch(f"uploads/{upload['id']}", {"said": upload["said"]}))
        if not upload["needs"]:
            forget(self._server, parcel)
        if upload["release"] is not None:
            say_of_license(self._voice, self._server, upload["release"], self._license_words)
        release = self._release(upload)
        self._tell(upload, release)
        self._voice.give(outcome(path, upload, release))
        return is_good(upload, release)

    def _only_publisher(self) -> str:
        mine = [one["slug"] for one in self._server.get("me")["publishers"]]
        if len(mine) == 1:
            return str(mine[0])
        if mine:
            raise Misused(f"Say for which publisher: --publisher {' or '.join(mine)}.")
        raise Misused("You belong to no publisher yet. Make one on the site, under Publish, then come again.")

    def _settled(self, upload: dict[str, Any]) -> dict[str, Any]:
        return follow_upload(self._server, upload, self._tell_step)

    def _tell_step(self, step: Mapping[str, Any]) -> None:
        done = step["state"] == "done"
        self._voice.say(f"  {step['name']}: {step['state']}", "good" if done else "error")

    def _ask(self, upload: dict[str, Any]) -> None:
        for need in upload["needs"]:
            choice = click.Choice(KINDS) if need == "kind" else None
            upload["said"][need] = click.prompt(QUESTIONS.get(need, f"Say its {need}"), type=choice)

    def _release(self, upload: Mapping[str, Any]) -> dict[str, Any] | None:
        if upload["release"] is None:
            return None
        if self._wait:
            self._voice.say("  waits for a moderator's decision", "quiet")
            return follow_release(self._server, upload["release"])
        return self._server.get(f"releases/{upload['release']}")

    def _tell(self, upload: Mapping[str, Any], release: Mapping[str, Any] | None) -> None:
        tell_findings(self._voice, upload["findings"])
        for line in verdict(upload, release):
            self._voice.say(f"  {line}", "good" if is_good(upload, release) else "error")


def publish_files(publication: Publication, files: Sequence[Path], said: Mapping[str, Any]) -> int:
    """Publish files one after the other; return the exit code."""
    good = [publication.publish(path, said) for path in files]
    return OK if all(good) else REFUSED


def is_good(upload: Mapping[str, Any], release: Mapping[str, Any] | None) -> bool:
    """Say whether nothing is asked of the publisher any more."""
    return state_of(upload, release) in GOOD and not upload["needs"]


def state_of(upload: Mapping[str, Any], release: Mapping[str, Any] | None) -> str:
    """Return the release's state, or the upload's before there is one."""
    return str((release or upload)["state"])


def outcome(path: Path, upload: Mapping[str, Any], release: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what scripts are told of one file."""
    return {
        "file": str(path),
        "ok": is_good(upload, release),
        "state": state_of(upload, release),
        "upload": upload["id"],
        "release": upload["release"],
        "sha256": upload["sha256"],
        "needs": upload["needs"],
        "findings": upload["findings"],
        "steps": upload["steps"],
        "note": release and release["state_note"],
        "license": release and release.get("license"),
        "basis": release and release.get("basis"),
    }


def verdict(upload: Mapping[str, Any], release: Mapping[str, Any] | None) -> list[str]:
    """Return in sentences how it ended and what comes next."""
    if upload["needs"]:
        missing = " ".join(f"--{need} …" for need in upload["needs"])
        return [f"The bundle does not say everything. Run the same command again with {missing}"]
    if release is None:
        return [f"{upload['state']}; {counted(upload['findings'])}. Mend it and publish it again."]
    named = f"{release['name']} {release['version']} ({release['ecosystem']} {release['identifier']})"
    words = [f"{named}: {release['state'].replace('_', ' ')}; {counted(upload['findings'])}"]
    if release.get("third_party_privacy"):
        words.append("third party: people are told that your own privacy practices apply")
    words += [WAITS[reason] for reason in release.get("reasons", ()) if reason in WAITS]
    if release["state_note"]:
        words.append(f"note: {release['state_note']}")
    return words
