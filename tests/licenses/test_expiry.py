"""Licenses that end on a day: which terms are in force when, and what a text says of it."""

from datetime import date, timedelta

import pytest

from licenses.conveyance import Request, decide
from licenses.expiry import Expiry, ends, following_license, in_force, stated_change
from licenses.terms import Permission, Terms

DAY = date(2030, 1, 1)
CHANGE = Expiry(DAY, "GPL-2.0-or-later")
BLOCK = """Business Source License 1.1

Parameters

Licensor:             Lantern Works
Licensed Work:        Lantern 4.2
Additional Use Grant: None
Change Date:          {day}
Change License:       {license}

For information about alternative licensing arrangements, write to us.
"""


@pytest.mark.parametrize(
    ("expression", "after"),
    [
        ("BUSL-1.1", "GPL-2.0-or-later"),
        ("BUSL-1.1 AND MIT", "GPL-2.0-or-later AND MIT"),
        ("MIT AND (BUSL-1.1 OR LicenseRef-Bought)", "MIT AND (GPL-2.0-or-later OR LicenseRef-Bought)"),
        ("BUSL-1.1 AND GPL-2.0-or-later", "GPL-2.0-or-later"),
        ("MIT", "MIT"),
    ],
)
def test_from_the_change_date_on_the_other_license_stands_in_place_of_the_one_that_ends(expression, after):
    assert in_force(expression, CHANGE, DAY - timedelta(days=1)) == expression
    assert in_force(expression, CHANGE, DAY) == after
    assert in_force(expression, CHANGE, DAY + timedelta(days=4000)) == after
    assert in_force(expression, None, DAY) == expression


def test_a_choice_of_licenses_to_come_stays_a_choice():
    either = Expiry(DAY, "MIT OR Apache-2.0")
    assert in_force("BUSL-1.1 AND ISC", either, DAY) == "(MIT OR Apache-2.0) AND ISC"


def test_the_decision_of_each_side_is_that_of_the_terms_then_in_force():
    anonymous = Request("anonymous")
    before = decide(in_force("BUSL-1.1", CHANGE, DAY - timedelta(days=1)), anonymous)
    after = decide(in_force("BUSL-1.1", CHANGE, DAY), anonymous)
    assert (before.allowed, before.rule) == ("no", "terms.acceptance")
    assert (after.allowed, after.rule) == ("yes", "terms.license")


def test_a_reference_ends_where_a_moderator_said_so():
    refs = {"LicenseRef-Own": Terms(*[Permission.CONDITIONAL] * 4, conditions=frozenset({"expires"}))}
    assert ends("LicenseRef-Own", refs)
    assert not ends("LicenseRef-Own")
    assert ends("MIT OR BUSL-1.1")
    assert in_force("LicenseRef-Own", CHANGE, DAY, refs) == "GPL-2.0-or-later"
    assert in_force("LicenseRef-Own", CHANGE, DAY) == "LicenseRef-Own"


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2030-01-01", DAY),
        ("2030/01/01", DAY),
        ("January 1, 2030", DAY),
        ("1 January 2030.", DAY),
        ("01/02/2030", None),
        ("Four years from the date the Licensed Work is published.", None),
        ("2030-13-01", None),
    ],
)
def test_a_day_is_read_where_it_is_clear(said, day):
    assert stated_change(BLOCK.format(day=said, license="MIT")) == (day, "MIT")


@pytest.mark.parametrize(
    ("said", "expression"),
    [
        ("GNU General Public License, version 2 or later", "GPL-2.0-or-later"),
        ("Apache License, Version 2.0, as published by the Apache Software\n                      Foundation",
         "Apache-2.0"),
        ("Version 2 or later of the GNU General Public License as published by\n"
         "                      the Free Software Foundation", "GPL-2.0-or-later"),
        ("MPL 2.0", "MPL-2.0"),
        ("GPL", None),
        ("to be announced", None),
    ],
)  # fmt: skip
def test_a_license_is_read_where_it_is_clear(said, expression):
    assert stated_change(BLOCK.format(day="2030-01-01", license=said)) == (DAY, expression)


@pytest.mark.parametrize("text", ["", "The Change Date may vary for each version.", "Change Date:\n\nMIT"])
def test_a_text_without_the_lines_says_nothing(text):
    assert stated_change(text) == (None, None)


def test_some_licenses_name_the_one_that_follows_themselves():
    assert following_license("FSL-1.1-MIT AND BUSL-1.1") == "MIT"
    assert following_license("FSL-1.1-MIT AND FSL-1.1-ALv2") is None
    assert following_license("BUSL-1.1") is None
