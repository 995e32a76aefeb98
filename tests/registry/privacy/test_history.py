"""The history of notices: whatever makes another notice is named as added or removed."""

from dataclasses import replace

import pytest

from registry.bundles.privacy.declaration import Declaration
from registry.privacy.comparing import Known, SetRow
from registry.privacy.history import changes_between
from registry.privacy.notice import About, notice_of
from tests.registry.privacy.known import TRACKER, found, row, rows

ABOUT = About("kodi", "plugin.video.lantern", "lantern", first_party=False)
MADE = Known(declared=rows(row()), found=found("api.themoviedb.org"))


def declaring(**change):
    return replace(MADE, declared=rows(replace(row(), **change)))


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (declaring(purposes=("analytics",)), "library to count and measure use, to a service that it names"),
        (declaring(recipients=("public",)), "library to look up titles and artwork, to everybody"),
        (declaring(basis="opt_out"), "library: unless you turn it off"),
        (declaring(retention_days=30), "library: kept for 30 days"),
        (declaring(transit="plain"), "library: not encrypted on the way"),
        (declaring(linked="yes"), "library: tied to you"),
        (declaring(deletion="none"), "library: cannot be deleted"),
        (replace(MADE, declared=replace(rows(row()), children="safe")), "fit for children: yes"),
        (replace(MADE, declared=None), "nothing is declared about data"),
        (replace(MADE, found=found("api.themoviedb.org", data="watch")), "reads watch history (found in the code)"),
        (replace(MADE, found=found("api.themoviedb.org", capabilities="exec")), "starts other programs"),
        (
            replace(MADE, rows_set=(SetRow(row(), "Its readme says so."),)),
            "library: set by a reviewer (Its readme says so.)",
        ),
        (
            replace(MADE, declared=rows(row(), hosts=("api.themoviedb.org",))),
            "host api.themoviedb.org of TMDB, titles and artwork (declared, found in the code)",
        ),
    ],
)  # fmt: skip
def test_each_difference_is_named(after, told):
    assert ("added", told) in list(changes_between(notice_of(MADE, ABOUT), notice_of(after, ABOUT)))


def test_an_overruling_and_a_publisher_that_became_first_party_are_named():
    before = Known(declared=Declaration(none=True), found=found(TRACKER))
    after = replace(before, overruled={TRACKER: "It is never called."})
    told = list(changes_between(notice_of(before, ABOUT), notice_of(after, ABOUT)))
    assert any(
        "a reviewer let it pass: It is never called." in text for kind, text in told if kind == "added"
    )
    first = notice_of(before, replace(ABOUT, first_party=True))
    assert ("added", "published by lantern, first party") in list(
        changes_between(notice_of(before, ABOUT), first)
    )


def test_the_same_notice_has_no_difference():
    assert list(changes_between(notice_of(MADE, ABOUT), notice_of(MADE, ABOUT))) == []
