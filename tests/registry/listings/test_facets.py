"""Facets and the order by copies: what the page of the catalogue reads."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from registry.database import transaction
from registry.errors import Invalid
from registry.listings.models import Listing
from registry.listings.service import Search, count_by_facet, count_listings, search_listings
from registry.listings.showing import catch_up_listings
from tests import bundles
from tests.story import Story

SCRIPT = "xbmc.python.script"


@pytest.fixture
def catalogue(given, in_app):
    """Three add-ons for Kodi, one of them first party, and a plug-in for Jellyfin."""
    third, first = Story(given), Story(given, "harbor", first_party=True)
    third.published(bundles.kodi("script.one", name="One", license="MIT", point=SCRIPT))
    third.published(bundles.kodi("script.two", name="Two", license="MIT", point=SCRIPT))
    first.published(bundles.kodi("metadata.three", name="Three"))
    third.published(bundles.jellyfin(name="Four"))


def _copied(**copies: int) -> None:
    """As many copies as a worker has counted."""
    with transaction() as tx:
        for name, count in copies.items():
            tx.execute(update(Listing).where(Listing.name == name).values(copies=count))


def test_each_facet_counts_what_its_values_would_leave(catalogue):
    counts = count_by_facet(Search(ecosystem="kodi"))
    assert counts["ecosystem"] == {"kodi": 3, "jellyfin": 1}, "a facet is counted without itself"
    assert counts["kind"] == {"plugin": 2, "agent": 1}
    assert counts["party"] == {"first": 1, "third": 2}
    assert counts["license"] == {"MIT": 2, "GPL-2.0-or-later": 1}


def test_permissions_are_counted_besides_those_that_are_chosen(catalogue):
    everything = {"redistribute": 4, "modify": 4, "commercial": 4}
    assert count_by_facet(Search())["may"] == everything
    assert count_by_facet(Search(license="MIT"))["basis"] == {"license": 3}


def test_a_listing_is_found_by_what_everybody_may_do_with_it(catalogue, given):
    free = Story(given, "free")
    name = "CC-BY-NC-ND-4.0"
    files = {"LICENSE.txt": f"SPDX-License-Identifier: {name}\n"}
    free.published(bundles.kodi("script.five", name="Five", license=name, point=SCRIPT, more=files))
    assert count_listings(Search()) == 5
    assert count_listings(Search(may=("redistribute",))) == 5
    assert count_listings(Search(may=("redistribute", "modify"))) == 4
    assert count_listings(Search(may=("commercial",))) == 4
    assert count_listings(Search(basis="grant")) == 0
    with pytest.raises(Invalid, match="is none of redistribute, modify, commercial"):
        search_listings(Search(may=("everything",)))
    with pytest.raises(Invalid, match="The basis is one of license, grant, none"):
        search_listings(Search(basis="hope"))


def test_words_and_other_facets_narrow_the_counts(catalogue):
    counts = count_by_facet(Search(words="two", party="third"))
    assert counts["license"] == {"MIT": 1}
    assert counts["party"] == {"first": 0, "third": 1}


@pytest.mark.parametrize(
    ("search", "count"),
    [
        (Search(), 4),
        (Search(ecosystem="kodi", license="MIT"), 2),
        (Search(party="first"), 1),
        (Search(publisher="harbor"), 1),
        (Search(publisher="lantern", party="first"), 0),
        (Search(words="nothing like it"), 0),
    ],
)
def test_the_number_found_is_that_of_the_rows(catalogue, search, count):
    assert count_listings(search) == count
    assert len(search_listings(search).rows) == count


def test_the_most_copied_come_first_page_by_page(catalogue):
    _copied(One=7, Two=90, Three=7, Four=3)
    names, cursor = [], None
    while True:
        page = search_listings(Search(sort="copies"), cursor=cursor, limit=1)
        names += [row.name for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert (names[0], names[-1]) == ("Two", "Four")
    assert set(names[1:3]) == {"One", "Three"}


def test_a_cursor_of_another_order_is_refused_in_words(catalogue):
    other = search_listings(Search(sort="name"), limit=1).next_cursor
    with pytest.raises(Invalid, match="start from the first page"):
        search_listings(Search(sort="copies"), cursor=other)


def test_what_a_setting_changed_of_permissions_is_caught_up_with(given, app, monkeypatch):
    name = "CC-BY-NC-4.0"
    files = {"LICENSE.txt": f"SPDX-License-Identifier: {name}\n"}
    Story(given).published(bundles.kodi("script.five", license=name, point=SCRIPT, more=files))
    before = given.run(search_listings, Search()).rows[0].updated_at
    assert given.run(count_listings, Search(may=("redistribute",))) == 1
    assert given.run(catch_up_listings) == 0
    settings = replace(app.extensions["marquee_settings"], commercial_operator=True)
    monkeypatch.setitem(app.extensions, "marquee_settings", settings)
    assert given.run(catch_up_listings) == 1
    assert given.run(catch_up_listings) == 0
    assert given.run(count_listings, Search(may=("redistribute",))) == 0
    assert given.run(search_listings, Search()).rows[0].updated_at == before, "it is no news of the listing's"
