"""Every page that there is, with who looks at it: what the crawl visits and what pictures are taken of."""

from dataclasses import dataclass

from tests.browser.world import World

FILM = "/listings/kodi/service.subtitles.lantern"
LONG = "/listings/kodi/script.a-rather-long-identifier.that-keeps-going.and-going.until-it-has-to-be-broken"


@dataclass(frozen=True)
class Seen:
    """A page: its name, its address, who looks (nobody, ada, noah, max, root), the status that is right."""

    name: str
    path: str
    who: str = ""
    status: int = 200


def pages_of(world: World, *, odd: bool = True) -> list[Seen]:
    """The pages of a world in which everything has happened; ``odd`` as it was built."""
    return [
        *_open(),
        Seen("receipt", f"/copies/{world.copy.id}"),
        *_of_privacy(world),
        *_of_licenses(world),
        *_of_household(world),
        *(_odd() if odd else ()),
        *_of_ada(world),
        *_of_max(world),
        *_of_root(),
    ]


def _open() -> list[Seen]:
    return [
        Seen("home", "/"),
        Seen("home-for-kodi", "/?for=kodi"),
        Seen("browse", "/browse"),
        Seen("browse-narrowed", "/browse?ecosystem=kodi&kind=plugin&sort=name"),
        Seen("search", "/browse?q=subtitles"),
        Seen("search-nothing", "/browse?q=zzzzqqqq"),
        Seen("listing", FILM),
        Seen("listing-versions", f"{FILM}?tab=versions"),
        Seen("listing-license", f"{FILM}?tab=license"),
        Seen("listing-privacy", f"{FILM}?tab=privacy"),
        Seen("listing-changes", f"{FILM}?tab=changes"),
        Seen("privacy-history", f"{FILM}/privacy"),
        Seen("listing-jellyfin", "/listings/jellyfin/7d3f2a10-55aa-4c1e-9f00-2b6c1d9e0a01"),
        Seen("listing-plex", "/listings/plex/com.plexapp.agents.reelnotes"),
        Seen("release", f"{FILM}/2.4.1"),
        Seen("release-yanked", f"{FILM}/2.3.0"),
        Seen("connect", "/connect"),
        Seen("connect-kodi", "/connect?ecosystem=kodi"),
        Seen("publisher", "/publishers/lantern-works"),
        Seen("sign-in", "/accounts/sign-in"),
        Seen("sign-up", "/accounts/sign-up"),
        Seen("reset", "/accounts/reset"),
        Seen("new-password", "/accounts/reset/mqr_unknown"),
        Seen("confirm", "/accounts/verify/mqv_unknown"),
        Seen("status", "/status"),
        Seen("api", "/api"),
        Seen("problems", "/problems"),
        Seen("problem", "/problems/identifier.taken"),
        Seen("missing", "/nothing/here", status=404),
    ]


def _of_privacy(world: World) -> list[Seen]:
    lantern, orbit = world.releases["Lantern Subtitles 2.4.1"], world.releases["Orbit 3.0.0"]
    return [
        Seen("notice", f"/notices/{lantern.notice_digest}"),
        Seen("notice-of-account", f"/notices/{lantern.notice_digest}", "ada"),
        Seen("privacy", f"/releases/{lantern.id}/privacy"),
        Seen("privacy-decision", f"/releases/{orbit.id}/privacy", "max"),
        Seen("privacy-declare", f"/releases/{orbit.id}/privacy/declare", "ada"),
    ]


def _of_licenses(world: World) -> list[Seen]:
    lantern, ember = world.releases["Lantern Subtitles 2.4.1"], world.releases["Ember 1.0.0"]
    record = f"/releases/{lantern.id}/license"
    return [
        Seen("license", record),
        Seen("license-of-mine", f"/releases/{ember.id}/license", "ada"),
        Seen("license-text", f"/releases/{ember.id}/license/text?file=script.ember/COPYING", "max"),
        Seen("license-desk", f"/review/{ember.id}/license", "max"),
        Seen("license-desk-changed", f"/review/{world.releases['Orbit 3.0.0'].id}/license", "max"),
        Seen("terms", "/listings/kodi/script.hearth", "noah"),
        Seen("terms-of-nobody", "/listings/kodi/script.hearth"),
    ]


def _of_household(world: World) -> list[Seen]:
    home = world.household
    return [
        Seen("servers", "/servers", "ada"),
        Seen("servers-none", "/servers", "max"),
        Seen("server", f"/servers/{home.server_id}", "ada"),
        Seen("server-connect", f"/servers/connect?code={home.code}", "ada"),
        Seen("policies", "/policies", "max"),
        Seen("policies-none", "/policies", "ada"),
        Seen("policy", f"/policies/{home.first_text}"),
        Seen("policy-changed", f"/policies/{home.pending_text}", "max"),
        Seen("way-out", home.way_out),
    ]


def _odd() -> list[Seen]:
    return [
        Seen("listing-long", LONG),
        Seen("listing-rtl", "/listings/kodi/script.fanous"),
        Seen("listing-hostile", "/listings/kodi/script.hostile"),
    ]


def _of_ada(world: World) -> list[Seen]:
    uploads = [
        Seen(f"upload-{name}", f"/uploads/{upload.id}", "ada") for name, upload in world.uploads.items()
    ]
    return [
        Seen("publish", "/publish", "ada"),
        Seen(
            "publish-own-version",
            f"/publish?derived_from={world.releases['Lantern Subtitles 2.4.1'].id}",
            "ada",
        ),
        *uploads,
        Seen("mine", "/mine", "ada"),
        Seen("account", "/accounts", "ada"),
        Seen("publisher-of-mine", "/publishers/lantern-works", "ada"),
        Seen("publisher-new", "/publishers/new", "ada"),
        Seen("release-of-mine", f"{FILM}/2.4.1", "ada"),
        Seen("forbidden", "/review", "ada", 403),
    ]


def _of_max(world: World) -> list[Seen]:
    orbit, cinder = world.releases["Orbit 3.0.0"], world.releases["Cinder 0.4.0"]
    files = f"/releases/{orbit.id}/files/plugin.video.orbit"
    return [
        Seen("file", f"{files}/resources/lib/beacon.py?line=3#L3", "max"),
        Seen("file-of-bytes", f"{files}/icon.png", "max"),
        Seen(
            "file-difference",
            f"{files}/resources/lib/sync.py?against={world.releases['Orbit 2.8.1'].id}",
            "max",
        ),
        Seen("queue", "/review", "max"),
        Seen("decision", f"/review/{orbit.id}", "max"),
        Seen("decision-first", f"/review/{cinder.id}", "max"),
        Seen("decision-published", f"/review/{world.releases['Lantern Subtitles 2.4.1'].id}", "max"),
        Seen("decision-quarantined", f"/review/{world.releases['Fern Backup 1.9.2'].id}", "max"),
        Seen("publish-first", "/publish", "max"),
        Seen("mine-empty", "/mine", "max"),
    ]


def _of_root() -> list[Seen]:
    return [
        Seen("admin", "/admin", "root"),
        Seen("status-of-admin", "/status", "root"),
        Seen("publisher-of-admin", "/publishers/harbor-light", "root"),
    ]
