"""The words in which pages tell of licenses. They say what is recorded and what follows; never advice."""

#: The four words: what each lets people do.
MEANING = {
    "use": "run it",
    "copy": "get a copy and keep it",
    "share": "pass copies on",
    "change": "change it, and pass that on",
}
ANSWERS = {"yes": "yes", "conditional": "on conditions", "no": "no", "unknown": "no"}
CONDITIONS = {
    "include_copyright": "its copyright lines stay with every copy",
    "include_license": "its license text goes with every copy",
    "include_notice_file": "its NOTICE file goes with every copy",
    "state_changes": "who changes it says what was changed",
    "disclose_source": "who passes on a binary gives the source code too",
    "same_license": "changed versions stay under the same license",
    "network_disclose": "who lets others use it over a network offers them the source code",
    "attribution": "its makers are credited as they ask",
    "no_commercial": "not for commercial use",
    "field_of_use": "only for the uses that its license names",
    "verbatim_only": "only unchanged",
    "rename": "changed versions get another name",
    "no_endorsement": "its makers' names advertise nothing",
    "acceptance": "its terms are accepted first",
    "expires": "other terms apply from a date that its license names",
}
#: What each row of the decision table says of a release, for pages and refusals alike.
RULES = {
    "terms.legal_removal": "It was removed after a legal demand.",
    "terms.undecided": "Its license is not concluded yet, and what is not known is not allowed.",
    "terms.no_permission": "Nothing that is recorded allows it: neither its license nor a publisher's grant.",
    "terms.source_missing": "It is a binary under a license that asks for its source, and no source is here.",
    "terms.acceptance": "Its license sets conditions that are accepted first.",
    "terms.grant": "Its publisher has granted use through this registry, and nothing more.",
    "terms.license": "Its license says so.",
}
NEEDS = {
    "legal_release": "the legal demand being lifted",
    "conclusion": "a moderator's conclusion",
    "license_or_grant": "a license that allows it, or its publisher's grant",
    "source": "its source code, attached or offered in writing by its publisher",
    "account": "an account: sign in",
    "acknowledgement": "your acceptance of its terms",
    "noncommercial_operator": "a registry that is not run commercially",
    "operator_basis": "an agreement that the operator of this registry has recorded",
    "license": "a license that allows it",
}
BASES = {
    "license": "its license",
    "grant": "its publisher's grant to this registry",
    "none": "nothing yet",
}
STATES = {
    "concluded": "concluded",
    "undecided": "not concluded",
    "changed": "a text in it is altered",
    "contradiction": "declared and found differ",
}
#: What a piece of evidence is.
KINDS = {"text": "full text", "tag": "tag or field", "header": "standard header", "notice": "sentence"}
CHANGES = {
    "same": "The terms are those of the last published release.",
    "wider": "The new terms allow more than those before.",
    "narrower": "The new terms allow less, or ask for more, than those before.",
    "sideways": "The new terms are others: they allow and ask other things than those before.",
}
#: Why copies go out, as the catalogue is narrowed by it.
BY_BASIS = {
    "license": "Its license allows it",
    "grant": "Its publisher granted it",
    "none": "No copies are given",
}
#: What everybody may do, as the catalogue is narrowed by it.
PERMISSIONS = {
    "redistribute": "May be redistributed",
    "modify": "May be modified",
    "commercial": "Commercial use",
}
FACETS = (("use", "use"), ("copy", "copy"), ("redistribute", "share"), ("modify", "change"))
FACET_CHOICES = (
    ("unknown", "not known"),
    ("yes", "yes"),
    ("conditional", "on conditions"),
    ("no", "no"),
)


def in_words(names: object, words: dict[str, str]) -> list[str]:
    """Return each name in words; one that has none is told as it is."""
    listed = names if isinstance(names, list | tuple) else []
    return [words.get(str(name), str(name).replace("_", " ")) for name in listed]
