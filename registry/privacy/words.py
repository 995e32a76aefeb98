"""The codes of a declaration in plain words: for the label, the form and the moderators' page."""

from collections.abc import Mapping

DATA = {
    "library": "Your library: titles, file names, folders, artwork",
    "fingerprint": "Fingerprints of your files: hashes that tell which film or song it is",
    "media": "The media themselves: video, sound, pictures, subtitles",
    "watch": "What you watch: plays, progress, ratings, lists",
    "search": "What you search for",
    "profile": "Your profile: name, e-mail, picture, language",
    "household": "Who lives with you: names of sub-accounts and guests, and which are children",
    "credential": "Secrets: server tokens, passwords, keys of other services",
    "app_id": "Numbers that tell your server or device from others",
    "network": "Your network address: IP, ports, names in your network",
    "location": "Where you are",
    "server": "Your server: name, version, system, hardware, plug-ins",
    "diagnostics": "Crash reports, logs, usage events",
    "social": "Friends, messages, posts in your name",
    "payment": "Purchases, subscriptions, cards",
}
#: The same in a word or two, for one line.
DATA_SHORT = {
    "library": "library", "fingerprint": "file fingerprints", "media": "media", "watch": "watch history",
    "search": "searches", "profile": "profile", "household": "household members", "credential": "secrets",
    "app_id": "device numbers", "network": "network address", "location": "location",
    "server": "server details", "diagnostics": "diagnostics", "social": "social", "payment": "payments",
}  # fmt: skip
#: The same for what compares one release with another, which has a fact of its own beside the place.
COMPARED = {**DATA_SHORT, "location_finer": "location, not held to the city"}
PURPOSES = {
    "function": "to do its work",
    "match": "to look up titles and artwork",
    "personalise": "to suit you",
    "analytics": "to count and measure use",
    "diagnose": "to find faults",
    "advertise": "to show or measure advertising",
    "partner_fees": "to work out fees between partners",
    "social_post": "to post in your name",
    "security_account": "for sign-in and security",
}
RECIPIENTS = {
    "user_set": "an address that you type in yourself",
    "developer": "its maker",
    "named_service": "a service that it names",
    "ad_analytics": "advertising or analytics companies",
    "media_vendor": "the maker of the media server",
    "public": "everybody",
}
BASES = {"required": "always", "opt_in": "only when you turn it on", "opt_out": "unless you turn it off"}
LINKED = {
    "no": "not tied to you",
    "pseudonymous": "tied to a number that stands for you",
    "yes": "tied to you",
}
TRANSIT = {"tls": "encrypted on the way", "plain": "not encrypted on the way"}
PRECISION = {"city": "your city at most", "finer": "more exactly than your city"}
CHILDREN = {
    "safe": "Its maker says that it is fit for children.",
    "not_for": "Its maker says that it is not for children.",
    "unknown": "Its maker has not said whether it is fit for children.",
}
#: Beside the notice for children: what is declared or set, and what was only found to be read.
HOUSEHOLD = {
    "told": "It handles data about the people in your household, children among them.",
    "read": "Its code reads data about the people in your household, children among them.",
}
CAPABILITIES = {
    "exec": "starts other programs",
    "evaluates_code": "runs code that it makes or loads while running",
    "native_code": "brings or calls native code",
    "elevated": "asks for administrator rights",
    "sandbox_off": "asks to run outside the server's sandbox",
    "installs_addons": "installs other add-ons",
    "listens": "opens a port for others to connect to",
    "unpacks": "unpacks archives",
    "updates_itself": "replaces its own code",
    "runs_downloaded_code": "runs code that it downloads",
}
ROLES = {
    "ad_analytics": "advertising or analytics", "metadata": "titles and artwork",
    "media_vendor": "maker of a media server", "code_hosting": "hosts code",
    "geolocation": "location by address", "hosting": "hosting",
}  # fmt: skip
MATURITY = {
    "everyone": "For everyone",
    "teen": "For teens and older",
    "mature": "For mature viewers",
    "adult": "For adults only",
}
SOURCES = {
    "bundle": "by privacy.toml in the bundle",
    "form": "by the form here",
    "api": "by the API",
    "cli": "by the command line",
    "last_release": "taken over from the release before",
}
ACTS = {
    "set": "set", "overrule": "overruled", "unset": "took back", "require": "asked for a declaration",
    "accept": "accepted", "maturity": "set the label",
}  # fmt: skip


def plain(words: Mapping[str, str], code: str) -> str:
    """Return a code in words; one that is not known yet stays readable."""
    return words.get(code) or code.replace("_", " ")
