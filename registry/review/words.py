"""The words of the queue: why a release waits, and why it was decided so."""

WAITING_WORDS = {
    "review.first_release": "The first release of this listing",
    "review.update": "An update",
    "review.third_party": "Made by a third party",
    "name.too_similar": "Its name looks like another publisher's",
    "entry.nested": "It holds an archive inside",
    "scan.invisible_code": "It holds code that cannot be seen",
    "scan.pending": "A check has not been done yet",
}
REASON_WORDS = {
    "review.approved": "Looked at, nothing against it",
    "license.unclear": "Its license is not clear",
    "privacy.unclear": "What it does with data is not clear",
    "quality.broken": "It does not work, or not as it says",
    "content.not_allowed": "Its content is not allowed here",
    "security.risk": "It puts servers or people at risk",
    "security.malware": "It is harmful",
    "name.misleading": "Its name misleads",
    "other": "Another reason, told in the note",
}
