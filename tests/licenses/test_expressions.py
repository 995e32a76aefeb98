"""Expressions as a specification: what is read, what is refused, and that both libraries agree."""

import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from license_expression import get_spdx_licensing
from packaging.licenses import _spdx, canonicalize_license_expression

from licenses.expressions import ExpressionError, all_of, is_expression, leaves, normalise, parse
from licenses.spdx import LISTED, REPLACED

IDS = sorted(
    name for name, listed in LISTED.items() if not listed.deprecated and name.lower() in _spdx.LICENSES
)


@pytest.mark.parametrize(
    ("given_text", "normal"),
    [
        ("mit", "MIT"),
        ("mit and (apache-2.0 or bsd-2-clause)", "MIT AND (Apache-2.0 OR BSD-2-Clause)"),
        ("GPL-2.0", "GPL-2.0-only"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("GPL-2.0-only+", "GPL-2.0-or-later"),
        ("LGPL-2.1", "LGPL-2.1-only"),
        ("AGPL-3.0+", "AGPL-3.0-or-later"),
        ("GFDL-1.3", "GFDL-1.3-only"),
        ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("GPL-2.0+ WITH classpath-exception-2.0", "GPL-2.0-or-later WITH Classpath-exception-2.0"),
        ("Apache-2.0+", "Apache-2.0+"),
        ("MIT AND MIT", "MIT"),
        ("(((MIT)))", "MIT"),
        ("MIT OR (ISC OR Zlib)", "MIT OR ISC OR Zlib"),
        ("licenseref-Mine.1", "LicenseRef-Mine.1"),
        ("DocumentRef-a:LicenseRef-b", "DocumentRef-a:LicenseRef-b"),
        ("none", "NONE"),
        ("NOASSERTION", "NOASSERTION"),
        ("MIT OR ISC AND Zlib", "MIT OR ISC AND Zlib"),
    ],
)
def test_an_expression_has_one_form(given_text: str, normal: str) -> None:
    assert normalise(given_text) == normal
    assert normalise(normal) == normal


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "MIT AND", "AND MIT", "(MIT", "MIT)", "MIT MIT", "()", "MIT WITH", "MIT WITH MIT",
        "MIT WITH Classpath-exception-2.0 WITH Classpath-exception-2.0", "(MIT AND ISC) WITH LLVM-exception",
        "GPL", "BSD", "MIT, ISC", "LicenseRef-", "LicenseRef-ä", "NONE AND MIT", "<script>alert(1)</script>",
        "MIT/ISC", "Apache-2.0 WITH Commons-Clause", "\x00", "MIT\nAND\nOR ISC",
    ],
)  # fmt: skip
def test_what_is_no_expression_is_refused_with_one_sentence(text: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(text)
    assert "\n" not in str(refused.value)
    assert not is_expression(text)


def test_a_thousand_terms_are_read_and_one_more_is_refused() -> None:
    many = " AND ".join(f"LicenseRef-{number}" for number in range(1000))
    assert len(list(leaves(parse(many)))) == 1000
    with pytest.raises(ExpressionError, match="1,000 terms"):
        parse(f"{many} OR MIT")


def test_nesting_ends_at_64() -> None:
    assert normalise("(" * 64 + "MIT" + ")" * 64) == "MIT"
    with pytest.raises(ExpressionError, match="deeper than 64"):
        parse("(" * 65 + "MIT" + ")" * 65)


@pytest.mark.parametrize("text", ["(" * 99_999, "MIT AND " * 12_000, "x" * 200_000, ") (" * 30_000])
def test_a_hostile_expression_costs_no_time(text: str) -> None:
    start = time.process_time()
    with pytest.raises(ExpressionError):
        parse(text)
    assert time.process_time() - start < 0.5


def test_every_deprecated_id_has_what_replaces_it() -> None:
    deprecated = {name.lower() for name, listed in LISTED.items() if listed.deprecated}
    assert deprecated - set(REPLACED) == {"net-snmp"}
    for name in REPLACED:
        assert all(not LISTED[leaf.id].deprecated for leaf in leaves(parse(name)))


def test_joining_keeps_each_part_once_and_in_order() -> None:
    assert all_of(["MIT", "ISC OR Zlib", "MIT", "ISC"]) == "MIT AND (ISC OR Zlib) AND ISC"


def expressions() -> st.SearchStrategy[str]:
    leaf = st.sampled_from(IDS)
    return st.recursive(
        leaf,
        lambda inner: st.builds(
            lambda left, joint, right: f"({left} {joint} {right})",
            inner, st.sampled_from(["AND", "OR", "and"]), inner,
        ),
        max_leaves=8,
    )  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(expressions())
def test_normalising_twice_changes_nothing_and_both_libraries_agree(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert canonicalize_license_expression(once) == once
    licensing = get_spdx_licensing()
    assert licensing.is_equivalent(licensing.parse(once), licensing.parse(text))


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet=string.printable, max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    if is_expression(text):
        assert normalise(normalise(text)) == normalise(text)
