"""Only what evidence leaves open is asked of a publisher."""

from datetime import UTC, datetime

import pytest

from registry.licensing.asking import Asked, suggestions, what_is_open
from registry.licensing.models import Basis, LicenseRecord, LicenseState, SourceKind
from registry.releases.models import Release
from registry.releases.states import ReleaseState

AT = datetime(2026, 11, 30, tzinfo=UTC)
CONCLUDED, UNDECIDED, CHANGED = LicenseState.CONCLUDED, LicenseState.UNDECIDED, LicenseState.CHANGED


def asked(*, declares=None, stands=ReleaseState.WAITING, approved_at=None, **said):
    release = Release(content={"license": declares}, state=stands, approved_at=approved_at)
    known = {
        "state": CONCLUDED, "expression": None, "suggested": None, "code": "license.agreed", "refs": {},
        "basis": Basis.LICENSE, "form": "source", "source": SourceKind.NONE, "terms_digest": "0" * 64,
    }  # fmt: skip
    return what_is_open(release, LicenseRecord(**{**known, **said}), at=AT)


OPEN = {"state": UNDECIDED, "basis": Basis.NONE}


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"expression": "MIT"}, Asked()),
        ({**OPEN, "code": "license.missing"}, Asked(license=True, grant=True)),
        ({**OPEN, "code": "license.undeclared", "suggested": "MIT"}, Asked(license=True)),
        ({**OPEN, "code": "license.unproven", "suggested": "MIT", "declares": "MIT"}, Asked()),
        ({**OPEN, "code": "license.unclear", "declares": "GPL"}, Asked(license=True)),
        ({"state": CHANGED, "basis": Basis.NONE, "code": "license.changed", "declares": "MIT"}, Asked()),
        ({"expression": "LicenseRef-No", "basis": Basis.NONE}, Asked(grant=True)),
        ({"expression": "NONE", "basis": Basis.GRANT}, Asked(revoke=True)),
        ({"expression": "GPL-3.0-only", "form": "binary"}, Asked(source=True)),
        ({"expression": "GPL-3.0-only", "form": "binary", "source": SourceKind.ARTIFACT}, Asked()),
        ({"expression": "MIT", "form": "binary"}, Asked()),
    ],
)
def test_what_is_open_is_what_nothing_says(said, wanted):
    assert asked(**said) == wanted


def test_a_license_is_no_longer_asked_once_it_was_decided_on():
    later = {**OPEN, "code": "license.missing"}
    assert asked(**later, approved_at=AT) == Asked(grant=True)
    assert asked(**later, stands=ReleaseState.PUBLISHED) == Asked(grant=True)
    assert asked(**later, stands=ReleaseState.REJECTED) == Asked()


def test_an_offer_that_has_ended_is_asked_for_again():
    ended = {"source": SourceKind.OFFER, "source_until": datetime(2026, 1, 1, tzinfo=UTC)}
    assert asked(expression="GPL-3.0-only", form="binary", **ended) == Asked(source=True)


def test_what_the_files_say_is_suggested_first():
    record = LicenseRecord(suggested="EUPL-1.2")
    assert suggestions(record)[:2] == ["EUPL-1.2", "MIT"]
    assert len(suggestions(record)) == len(set(suggestions(record)))
