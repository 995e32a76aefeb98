"""Names in free text: read through the table, or left as text."""

import re
from pathlib import Path

import pytest

from licenses.aliases import recognise, table
from licenses.expressions import normalise

CORPUS = {
    "GPL-2.0-or-later": "GPL-2.0-or-later",
    "GPL-3.0-or-later": "GPL-3.0-or-later",
    "MIT": "MIT",
    "MIT License": "MIT",
    "GPL-3.0-only": "GPL-3.0-only",
    "GPL-2.0-only": "GPL-2.0-only",
    "Apache-2.0": "Apache-2.0",
    "GNU GENERAL PUBLIC LICENSE. Version 3, 29 June 2007": "GPL-3.0-only",
    "GNU GENERAL PUBLIC LICENSE. Version 2, June 1991": "GPL-2.0-only",
    "GPL v2.0": "GPL-2.0-only",
    "GNU Affero General Public License, v3": "AGPL-3.0-only",
    "Creative Commons Attribution Non-Commercial Share-Alike 4.0": "CC-BY-NC-SA-4.0",
    "Creative Commons Attribution-Share Alike 3.0 United States": None,
}
"""Every <license> of the corpus's add-ons. The last is a port that SPDX has no id for."""


def test_every_license_string_of_the_corpus_is_in_the_table(shared: Path) -> None:
    found = set()
    for path in (shared / "corpus").rglob("*.xml"):
        found |= set(re.findall(r"<license>(.*?)</license>", path.read_text("utf-8", "replace"), re.DOTALL))
    assert {" ".join(text.split()) for text in found if text.strip()} <= set(CORPUS)


@pytest.mark.parametrize(("text", "expression"), CORPUS.items())
def test_a_license_string_of_the_corpus_means(text: str, expression: str | None) -> None:
    alias = recognise(text)
    assert alias is not None
    assert alias.expression == expression


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("GPLv2+", "GPL-2.0-or-later"),
        ("GPL version 2 or any later version", "GPL-2.0-or-later"),
        ("GNU GPL 3 or (at your option) any later version", "GPL-3.0-or-later"),
        ("version 2 of the GNU General Public License", "GPL-2.0-only"),
        ("GPLv2 or GPLv3", "GPL-2.0-only OR GPL-3.0-only"),
        ("LGPLv2.1+", "LGPL-2.1-or-later"),
        ("Apache 2", "Apache-2.0"),
        ("Apache License, Version 2.0, January 2004", "Apache-2.0"),
        ("New BSD", "BSD-3-Clause"),
        ("2-clause BSD", "BSD-2-Clause"),
        ("CC BY-NC-SA 4.0", "CC-BY-NC-SA-4.0"),
        ("Creative Commons Attribution 4.0 International License", "CC-BY-4.0"),
        ("Expat", "MIT"),
        ("MIT or Apache-2.0", "MIT OR Apache-2.0"),
        ("GPLv2 and LGPLv2.1", "GPL-2.0-only AND LGPL-2.1-only"),
        ("License :: OSI Approved :: MIT License", "MIT"),
        ("http://www.gnu.org/licenses/gpl-2.0.html", "GPL-2.0-only"),
        ("https://creativecommons.org/licenses/by-sa/4.0/", "CC-BY-SA-4.0"),
        ("https://opensource.org/licenses/MIT", "MIT"),
        ("same terms as Perl itself", "Artistic-1.0-Perl OR GPL-1.0-or-later"),
    ],
)
def test_a_known_name_is_read(text: str, expression: str) -> None:
    alias = recognise(text)
    assert alias is not None
    assert alias.expression == expression
    assert alias.source


@pytest.mark.parametrize(
    "text", ["GPL", "BSD", "Creative Commons", "LGPL", "CC BY-SA", "Apache License", "Public domain", "GNU"]
)
def test_an_ambiguous_name_stays_text(text: str) -> None:
    alias = recognise(text)
    assert alias is not None
    assert alias.expression is None


@pytest.mark.parametrize(
    "text", ["", "see LICENSE", "MIT, BSD", "<script>alert(1)</script>", "my own license", "x" * 5000]
)
def test_text_that_nobody_uses_as_a_name_is_not_read(text: str) -> None:
    alias = recognise(text)
    assert alias is None or alias.expression is None


@pytest.mark.parametrize(
    ("text", "bound"),
    [("GPL-2.0", True), ("GPLv3", True), ("GPL-2.0-only", False), ("GPL v2 only", False), ("MIT", False)],
)
def test_a_version_without_only_or_later_is_marked_as_the_lower_bound(text: str, bound: bool) -> None:
    alias = recognise(text)
    assert alias is not None
    assert alias.lower_bound is bound


def test_every_row_has_a_source_and_an_expression_that_is_normal() -> None:
    for name, alias in table().items():
        assert alias.source, name
        assert alias.expression is None or normalise(alias.expression) == alias.expression, name
