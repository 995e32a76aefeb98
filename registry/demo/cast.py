"""The people of the demonstration and their publishers: made once, found again by the next run.

An admin is needed only where something is missing; who that is, is asked for only then.
"""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from registry.demo.catalogue import Catalogue, Person, Publisher
from registry.demo.site import DemoFailed, Refusal, Site

FILE = "demo.json"


@dataclass(slots=True)
class Cast:
    """Everybody, signed in."""

    site: Site
    catalogue: Catalogue
    password: str
    find_admin: Callable[[], Site]
    _sites: dict[str, Site] = field(default_factory=dict)
    _admin: Site | None = None

    def assemble(self) -> None:
        """Sign everybody in, making who and what is not there yet. Raises DemoFailed."""
        for person in self.catalogue.people:
            self._sites[person.email] = self._signed_in(person)
        for publisher in self.catalogue.publishers:
            self._settle(publisher)

    def owner(self, publisher: Publisher) -> Site:
        """Return the site as a publisher's owner sees it."""
        return self._sites[publisher.owner]

    @property
    def moderator(self) -> Site:
        """The site as the moderator sees it."""
        return self._sites[self.catalogue.moderator.email]

    def leave(self) -> None:
        """Sign everybody out."""
        for site in (*self._sites.values(), self._admin):
            if site is not None:
                site.sign_out()

    def _as_admin(self) -> Site:
        self._admin = self._admin or self.find_admin()
        return self._admin

    def _signed_in(self, person: Person) -> Site:
        """Sign somebody in; only whose password is ours is given a role."""
        site = self._try(person) or self._made(person)
        me = site.ask("GET", "me")
        if not me["verified"] or me["role"] != person.role:
            wanted = {"verified": True, "role": person.role}
            self._as_admin().ask("PATCH", f"accounts/{me['id']}", wanted)
        return site

    def _made(self, person: Person) -> Site:
        self._as_admin()  # who is missing keeps everything from being half made
        words = {"email": person.email, "name": person.name, "password": self.password}
        self.site.ask("POST", "accounts", words)
        made = self._try(person)
        if made is None:
            raise DemoFailed(
                f"{person.email} is here with another password: its {FILE} is lost. "
                "Run it with the MARQUEE_HOME of then, or on a fresh Marquee."
            )
        return made

    def _try(self, person: Person) -> Site | None:
        try:
            return self.site.signed_in(person.email, self.password)
        except Refusal as refusal:
            if refusal.status != httpx.codes.UNAUTHORIZED:
                raise
            return None

    def _settle(self, publisher: Publisher) -> None:
        owner = self.owner(publisher)
        found = owner.find(f"publishers/{publisher.slug}")
        if found is None:
            website = f"https://{publisher.slug}.example/"
            said = {
                "slug": publisher.slug,
                "name": publisher.name,
                "about": publisher.about,
                "website": website,
            }
            found = owner.ask("POST", "publishers", said)
            for email, role in publisher.members.items():
                owner.ask("POST", f"publishers/{publisher.slug}/members", {"email": email, "role": role})
        if found["first_party"] != publisher.first_party:
            wanted = {"first_party": publisher.first_party}
            self._as_admin().ask("PUT", f"publishers/{publisher.slug}/party", wanted)


def kept_password(home: Path, url: str) -> str:
    """Return the password of the demonstration's people at a site; made, and kept in mode 600, at first."""
    path = home / FILE
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if url not in kept:
        kept[url] = secrets.token_urlsafe(18)
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(kept, file)
    return str(kept[url])
