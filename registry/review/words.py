"""The words of the queue: why a release waits, and why it was decided so."""

WAITING_WORDS = {
    "review.first_release": "The first release of this listing",
    "review.update": "An update",
    "review.third_party": "Made by a third party",
    "name.too_similar": "Its name looks like another publisher's",
    "entry.nested": "It holds an archive inside",
    "scan.invisible_code": "It holds code that cannot be seen",
    "license.undecided": "Its license is not decided",
    "license.altered": "A license text in it has other words than the license",
    "license.contradiction": "What is declared and what its files say differ",
    "license.derived": "It is made from another one, and does not keep its license",
    "license.changed": "Its license is not that of the last release",
    "privacy.contradiction": "What its code contacts differs from what its maker declares",
    "privacy.library": "It reads the library and contacts others, and does not say so",
    "privacy.required": "Its maker was asked to declare what it does with data",
    "privacy.widened": "It contacts, handles or can do more than the release before",
    "privacy.undeclared": "Its maker has declared nothing about data",
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
    "legal.demand": "Removed after a legal demand",
    "other": "Another reason, told in the note",
}
