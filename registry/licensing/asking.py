"""What evidence leaves open, so that only that is asked of a publisher. Pure."""

from dataclasses import dataclass
from datetime import datetime

from licenses.records import declare
from licenses.terms import Permission
from registry.licensing.models import NOTHING_SAID, Basis, LicenseRecord, LicenseState
from registry.licensing.permissions import terms_of
from registry.licensing.terms import InForce, has_source
from registry.releases.models import Release
from registry.releases.states import ReleaseState

GRANTABLE = frozenset({ReleaseState.WAITING, ReleaseState.PUBLISHED, ReleaseState.YANKED})
#: Licenses that people name most, for the list under the field.
COMMON = (
    "MIT", "Apache-2.0", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later",
    "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-or-later", "AGPL-3.0-only", "AGPL-3.0-or-later",
    "MPL-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD", "Unlicense", "CC0-1.0", "CC-BY-4.0",
    "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-ND-4.0", "EUPL-1.2", "Zlib", "WTFPL", "BUSL-1.1", "Elastic-2.0",
    "PolyForm-Noncommercial-1.0.0",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What may be said of a release by its publisher: its license, a grant, where its source is.

    ``revoke`` says that a grant is in force, which may be taken back.
    """

    license: bool = False
    grant: bool = False
    source: bool = False
    revoke: bool = False

    @property
    def names(self) -> list[str]:
        """What is wanted, as the API names it: license, grant, source."""
        return [name for name in ("license", "grant", "source") if getattr(self, name)]

    @property
    def anything(self) -> bool:
        """Say whether anything is wanted from the publisher."""
        return bool(self.names)


def what_is_open(release: Release, record: LicenseRecord, *, at: datetime) -> Asked:
    """Return what the record of a release leaves open for its publisher to say."""
    if release.state not in GRANTABLE:
        return Asked()
    undecided = release.state is ReleaseState.WAITING and release.approved_at is None
    named = declare(release.content.get("license") or "").expression
    terms = terms_of(record.expression or record.suggested, record.refs)
    shared = min(terms.redistribute, terms.copy) >= Permission.CONDITIONAL
    settled = record.state is LicenseState.CONCLUDED or record.code == NOTHING_SAID
    wants_source = record.form == "binary" and "disclose_source" in terms.conditions
    return Asked(
        license=undecided and record.state is not LicenseState.CONCLUDED and named is None,
        grant=record.basis is Basis.NONE and settled and not shared,
        source=wants_source and not has_source(InForce.of(record, at=at), at),
        revoke=record.basis is Basis.GRANT,
    )


def suggestions(record: LicenseRecord) -> list[str]:
    """Return what may be meant, the likeliest first: what the files say, then common licenses."""
    found = [record.suggested] if record.suggested else []
    return list(dict.fromkeys([*found, *COMMON]))
