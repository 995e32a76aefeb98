"""Files made to be slow: five seconds of processor time is the most that any one may take."""

import random
import time

import pytest

from licenses.detection import detect_file, detect_files
from licenses.spdx import texts

MIB_10 = 10_000_000


def repeated(text: str) -> str:
    return (text * (MIB_10 // len(text) + 1))[:MIB_10]


def words() -> str:
    some = [
        "the",
        "license",
        "software",
        "may",
        "use",
        "copyright",
        "permission",
        "granted",
        "under",
        "terms",
        "of",
        "gnu",
        "general",
        "public",
        "2",
        "mit",
    ]
    chance = random.Random(1)
    return " ".join(chance.choice(some) for _ in range(MIB_10 // 6))


HOSTILE = {
    "one letter": lambda: "a" * MIB_10,
    "open parentheses": lambda: "(" * MIB_10,
    "mit a thousand times": lambda: repeated(texts()["MIT"] + "\n\n"),
    "random words": words,
    "licensed under without end": lambda: repeated("licensed under "),
    "names without end": lambda: repeated("licensed under the terms of the GNU General Public License or "),
    "tags without end": lambda: repeated("SPDX-License-Identifier: MIT\n"),
    "broken tags": lambda: repeated("SPDX-License-Identifier: " + "(" * 200 + "\n"),
    "open marks": lambda: repeated("<script><a "),
    "headings": lambda: repeated("# License\nMIT\n"),
    "underlines": lambda: repeated("x\n===\n"),
    "addresses": lambda: repeated("a@b"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_ten_megabytes_end_in_time(kind: str) -> None:
    data = HOSTILE[kind]().encode()
    start = time.process_time()
    found = detect_file("README.md" if kind == "headings" else "LICENSE", data)
    assert time.process_time() - start < 5
    assert found.review


def test_five_thousand_license_files_end_in_time(spdx_text) -> None:
    mit = spdx_text("MIT")
    files = [(f"vendor/p{n}/LICENSE", mit.replace("Ada", f"Ada{n % 50}").encode()) for n in range(5_000)]
    start = time.process_time()
    found = detect_files(files)
    assert time.process_time() - start < 10
    assert found.expression == "MIT"


def test_an_addon_of_a_hundred_files_is_read_quickly(spdx_text) -> None:
    header = "# Copyright (C) 2020 Ada\n# SPDX-License-Identifier: GPL-3.0-or-later\n\n"
    files = [(f"a/lib/m{n}.py", (header + f"x = {n}\n" * 200).encode()) for n in range(98)]
    files += [("a/LICENSE.txt", spdx_text("GPL-3.0-only").encode()), ("a/addon.xml", b"<addon/>")]
    detect_files(files)
    start = time.process_time()
    assert detect_files(files).expression == "GPL-3.0-or-later"
    assert time.process_time() - start < 0.3
