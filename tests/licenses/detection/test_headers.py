"""SPDX's standard headers, alone in a file of any kind: the header, never the rest of a text that ends with it."""

import re
import textwrap

import pytest

from licenses.detection import detect_file
from licenses.detection.templates import count, kind_of, template
from licenses.expressions import leaves, parse

HEADERS = [template(number) for number in range(count()) if kind_of(number) == "header"]
FORMS = {
    "LICENSE": "{text}\n",
    "COPYING.txt": "Lantern\nCopyright (c) 2020 Ada Example\n\n{text}\n",
    "notes.txt": "{text}\n",
    "README.md": "# Lantern\n\nLists lanterns.\n\n## License\n\n{text}\n",
    "lantern.py": "{commented}\n\nimport os\n",
}


def family(expression: str) -> str:
    """Leave out what a header says only where a name is filled in: GFDL's sections, and later versions."""
    return re.sub(r"(?:-(?:no-)?invariants)?(?:-only|-or-later)?$", "", expression)


@pytest.mark.parametrize("name", FORMS)
def test_every_standard_header_is_known_in_a_file_of_its_own(name: str) -> None:
    wrong = []
    for header in HEADERS:
        text = textwrap.fill(" ".join(header.words), 76)
        body = FORMS[name].format(text=text, commented=textwrap.indent(text, "# "))
        found = detect_file(name, body.encode())
        concluded = {family(leaf.id) for one in found.expressions[:1] for leaf in leaves(parse(one))}
        if len(concluded) != 1 or not concluded <= {family(each) for _, each in header.names}:
            wrong.append((header.names[0], found.expressions, found.reasons))
    assert wrong == []
