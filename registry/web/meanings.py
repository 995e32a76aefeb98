"""What each problem type means and what to do; the pages under /problems show it."""

import inspect

from registry import errors
from registry.errors import MarqueeError

_MORE = {
    "enrolment.denied": "The owner of this media server did not let it in.",
    "enrolment.expired": "The code of this media server was used or is too old. Ask for a new one.",
    "enrolment.pending": "Its owner has not typed the code yet. Ask again after `interval` seconds.",
    "enrolment.slow_down": "Ask for the token less often: every `interval` seconds from now on.",
    "enrolment.unknown": "No media server waits under this code. It works for a quarter of an hour.",
    "feed.too_many": "Revoke personal feeds that nothing uses, then make another.",
    "server.limit": "The owner of the media server lets nothing of this kind onto it; `limit` says which.",
    "server.too_many": "Remove media servers that you no longer have, then connect another.",
    "account.exists": "The address has an account. Sign in, or ask for a new password.",
    "account.last_admin": "Somebody must be able to look after the site. Make another admin first.",
    "account.unverified": "The address is not confirmed yet. Open the link in the mail, or ask for another.",
    "auth.credentials": "The address or the password is wrong; neither is told apart from the other.",
    "auth.csrf": "The form came from elsewhere or was open for too long. Load the page again.",
    "auth.token_invalid": "The token is unknown, expired or revoked. Make a new one on the account page.",
    "email.invalid": "Write one address, such as ada@example.org, without a name around it.",
    "internal": "Marquee made a mistake. Tell the operator the number of the request; it is in the log.",
    "license.declared": "The bundle says its license. Change it there and upload a new version.",
    "license.expression": "Write an SPDX expression: MIT, GPL-2.0-or-later, MIT OR Apache-2.0.",
    "license.no_grant": "There is no grant in force for this release.",
    "license.undecided": "A moderator must conclude the license first; `reasons` says what is open.",
    "manifest.id": "An identifier has letters, digits, dots, hyphens and underscores, at most 100.",
    "manifest.version": "Say the version as this ecosystem writes it.",
    "member.last_owner": "A publisher always has an owner. Make another one first.",
    "member.unknown": "No verified account has this address, or it is no member.",
    "mirror.basis": "The operator's ground for mirrors is recorded already, or is none that could help.",
    "mirror.serial": "The registry never gave this serial. Read it from the beginning: `since=0`.",
    "name.too_similar": "People would take the name for another's. Choose one that differs more.",
    "password.guessable": "It is common, a pattern, or your own name. Take unrelated words.",
    "password.long": "A password has at most 256 characters.",
    "password.short": "A password has at least 15 characters. Four or five words are easy to remember.",
    "privacy.contradiction": "The code differs from what is declared. Declare it, or overrule it.",
    "privacy.declaration": "A value of the declaration means nothing; `errors` says which and what to write.",
    "privacy.library": "The code reads the library and contacts others. Declare a row `library` first.",
    "privacy.required": "A moderator asked for a declaration. Declare on the release's page, under Privacy.",
    "proof.invalid": "The link was used, replaced by a newer one, or is too old. Ask for a new one.",
    "publisher.slug": "A short name has 2 to 40 letters a to z and digits, with single hyphens between.",
    "publisher.taken": "There is a publisher of this name. Choose another, or ask its owner to add you.",
    "publisher.too_many": "One account owns at most 50 publishers.",
    "publisher.unknown": "There is no publisher of that name. Create it first.",
    "request.method": "The address is right, the method is not; `Allow` lists those that are.",
    "request.too_large": "The request or its address is longer than what is taken here.",
    "request.type": "Send JSON with `Content-Type: application/json`.",
    "state.not_offered": "The release is not offered now.",
    "state.quarantined": "A moderator withholds the release as possibly harmful.",
    "state.withdrawn": "A moderator has withdrawn the release.",
    "terms.acceptance": "The license sets conditions. Accept them once: `terms` is the digest to send.",
    "terms.grant": "The publisher granted use through this registry and nothing more.",
    "terms.no_permission": "Neither the license nor a grant of the publisher allows copies.",
    "terms.source_missing": "The license asks for the source of this binary, and none is here.",
    "terms.undecided": "The license is not decided yet; until then no copies are made.",
    "privacy.acknowledge": "A third party made it. Read its privacy notice and acknowledge `notice` once.",
    "token.too_many": "End tokens that nothing uses, then make another.",
    "request.body_short": "The connection ended before the whole body was there. Send it again.",
    "request.range": "The range begins behind the end of the file.",
    "request.timeout": "The body came too slowly or stopped. Send the part again.",
    "review.claimed": "Another moderator is looking at the release.",
    "review.own": "Nobody decides on their own release.",
    "upload.digest": "The SHA-256 is missing, not written as 64 lowercase hex digits, or not the file's.",
    "upload.empty": "The file has no bytes.",
    "upload.length": "Send Content-Length.",
    "upload.lost": "The store has lost the bytes. Upload the file again.",
    "upload.parts_missing": "Not all parts are there; `missing` lists their numbers.",
    "upload.too_many_open": "Complete or give up some open uploads first.",
    "url.forbidden": "The address is not one that everybody can read. Give the public https:// address.",
}


def _of_classes() -> dict[str, str]:
    classes = [value for _, value in inspect.getmembers(errors, inspect.isclass)]
    found = {c.code: c for c in classes if issubclass(c, MarqueeError)}
    return {code: f"{c.title}. {inspect.getdoc(c) or ''}" for code, c in found.items()}


MEANINGS: dict[str, str] = {**_of_classes(), **_MORE}
