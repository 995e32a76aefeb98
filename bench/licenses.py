"""How right and how fast license detection is, beside other detectors, on a set made here.

``python -m bench.licenses [--npm FOLDER] [--scancode PYTHON] [--show]`` assembles the set from SPDX's texts, from
the Python and Debian packages installed here, from npm's that ``bench.license_packages`` has fetched, and from
alterations, and prints one table. ``--scancode`` names a Python in whose environment ``scancode-toolkit-mini`` is
installed; it is not a dependency. What a decision costs is measured by ``python -m bench.decisions``.
"""

import argparse
import importlib.metadata
import json
import random
import re
import statistics
import subprocess
import tempfile
import textwrap
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from licenseclassifier import identify_license

from bench.license_packages import debian_files, npm_files
from licenses.detection import detect_file
from licenses.expressions import ExpressionError, leaves, parse
from licenses.spdx import LISTED, texts

COMMON = [
    "MIT",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Apache-2.0",
    "GPL-2.0-only",
    "GPL-3.0-only",
    "LGPL-2.1-only",
    "LGPL-3.0-only",
    "AGPL-3.0-only",
    "MPL-2.0",
    "ISC",
    "Unlicense",
    "0BSD",
    "CC0-1.0",
    "EPL-2.0",
    "Zlib",
    "BSL-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "EUPL-1.2",
    "WTFPL",
    "Artistic-2.0",
    "PostgreSQL",
]
ADDED = (
    "This software may not be used for commercial purposes.",
    "Use of the software by military organizations is prohibited.",
    "Redistribution in any form requires the prior written consent of the author.",
    "The Software shall be used for Good, not Evil.",
    "Any use for profit needs a paid license.",
    "You must send the author a postcard before using the software.",
    "Non-commercial use only.",
    "Modified versions may not be distributed.",
    "Companies with more than fifty employees must buy a commercial license.",
    "The software must not be hosted as a service for third parties.",
    "This permission ends one year after the first download.",
    "Each copy must show the logo of the author on its first screen.",
    "The above permissions do not apply to residents of embargoed countries.",
    "Publishing benchmarks of the software is forbidden.",
)
SWAPPED = (
    ("free of charge", "for a fee"),
    ("any purpose", "any non-commercial purpose"),
    ("without restriction", "with restriction"),
    ("with or without modification", "without modification"),
    ("with or without fee", "without fee"),
    ("are permitted provided", "are permitted to members provided"),
    ("is hereby granted", "is hereby granted to individuals"),
    ("to any person", "to any student"),
    ("perpetual, worldwide", "revocable, national"),
    ("royalty-free", "royalty-bearing"),
    ("may copy and distribute", "may copy but not distribute"),
    ("including commercial applications", "excluding commercial applications"),
    ("sublicense", "not sublicense"),
    ("irrevocable", "revocable"),
    ("you may", "you may not"),
)
NOTICES = (
    ("Licensed under the Apache License, Version 2.0", "Apache-2.0"),
    ("Released under the MIT license.", "MIT"),
    ("This project is licensed under the terms of the GNU GPL version 3 or later.", "GPL-3.0-or-later"),
    (
        "Distributed under the Boost Software License, Version 1.0. (See accompanying file LICENSE_1_0.txt)",
        "BSL-1.0",
    ),
    (
        "This work is licensed under a Creative Commons Attribution-ShareAlike 4.0 International License.",
        "CC-BY-SA-4.0",
    ),
    ("Dual licensed under the MIT or GPL Version 2 licenses.", "MIT OR GPL-2.0-only"),
    (
        "Licensed under either of Apache License, Version 2.0 or MIT license at your option.",
        "Apache-2.0 OR MIT",
    ),
    ("SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)", "GPL-2.0-only OR BSD-2-Clause"),
    (
        "SPDX-License-Identifier: GPL-2.0+ WITH Classpath-exception-2.0",
        "GPL-2.0-or-later WITH Classpath-exception-2.0",
    ),
    ("License: GPL v2 or later", "GPL-2.0-or-later"),
    ("__license__ = 'GPLv3'", "GPL-3.0-only"),
    ("@license MIT", "MIT"),
    (
        "This library is free software; you can redistribute it and/or modify it under the terms of the GNU Lesser General Public License as published by the Free Software Foundation; either version 2.1 of the License, or (at your option) any later version.",
        "LGPL-2.1-or-later",
    ),
    (
        "This program is free software; you can redistribute it and/or modify it under the terms of the GNU General Public License version 2 as published by the Free Software Foundation.",
        "GPL-2.0-only",
    ),
    (
        "This module is free software. You may redistribute it under the same terms as Perl itself.",
        "Artistic-1.0-Perl OR GPL-1.0-or-later",
    ),
    ("This file is available under the terms of the Mozilla Public License 2.0.", "MPL-2.0"),
)
AGREEMENTS = (
    "END USER LICENSE AGREEMENT\n\nThis agreement is a legal agreement between you and Example Corp. By installing the software you agree to be bound by these terms. You may install one copy on one device. You may not copy, modify, rent or redistribute the software. The software contains open source components, some licensed under the MIT License.",
    "Terms of Service\n\nBy using the service you agree to these terms. Permission is hereby granted to access the service for personal use. The service is provided as is, without warranty of any kind.",
    "Software License Agreement\n\nExample Media grants you a personal, non-exclusive, non-transferable license to use the plug-in on a single server. All rights not granted are reserved. Redistribution is prohibited. Governed by the laws of Utopia.",
    "All rights reserved. No part of this software may be copied, distributed or modified without written permission of the author.",
)


PACKAGES = frozenset({"package", "Debian", "npm"})


@dataclass(frozen=True)
class Case:
    kind: str
    name: str
    data: bytes
    expected: str | None


def filled(text: str) -> str:
    """Give a text's placeholders a name and a year."""
    text = re.sub(r"<year>|\[yyyy\]|\[year\]|<YEAR>|\[Year\]", "2021", text)
    return re.sub(
        r"<(?:copyright holders?|owner|OWNER)>|\[name of copyright owner\]|\[fullname\]", "Ada Example", text
    )


def family(expression: str) -> str:
    return re.sub(r"-(?:only|or-later)\b", "", expression)


def wrapped(text: str, width: int) -> str:
    paragraphs = re.split(r"\n\s*\n", text)
    return "\n\n".join(textwrap.fill(" ".join(one.split()), width) for one in paragraphs)


def commented(text: str, mark: str) -> str:
    return "\n".join(f"{mark} {line}".rstrip() for line in text.splitlines())


def whole_texts() -> list[Case]:
    cases = []
    for name, listed in sorted(LISTED.items()):
        if (
            listed.deprecated
            or not (listed.osi or listed.libre or name.startswith("CC-"))
            or name.endswith("-or-later")
        ):
            continue
        cases.append(Case("whole", f"{name}.txt", filled(texts()[name]).encode(), name))
    forms = {
        "narrow": lambda text: wrapped(text, 50),
        "wide": lambda text: wrapped(text, 400),
        "hash": lambda text: commented(text, "#"),
        "slashes": lambda text: commented(text, "//"),
        "stars": lambda text: "/*\n" + commented(text, " *") + "\n */",
        "crlf": lambda text: text.replace("\n", "\r\n"),
        "named": lambda text: (
            "Copyright (c) 2019-2024 Grace Example <grace@example.org>\nAll rights reserved.\n\n" + text
        ),
    }
    for name in COMMON:
        text = filled(texts()[name])
        cases += [
            Case("whole", f"{name}-{form}.txt", make(text).encode(), name) for form, make in forms.items()
        ]
    for first, second in zip(COMMON, COMMON[7:], strict=False):
        both = f"{filled(texts()[first])}\n\n----------\n\n{filled(texts()[second])}"
        cases.append(Case("whole", f"{first}+{second}.txt", both.encode(), f"{first} AND {second}"))
    return cases


def altered_texts(chance: random.Random) -> list[Case]:
    cases = []
    for name in COMMON:
        text = filled(texts()[name])
        ends = [found.end() for found in re.finditer(r"(?<=[a-z])\.(?=\s)", text)]
        for number, sentence in enumerate(chance.sample(ADDED, 4)):
            at = chance.choice([*ends, len(text)])
            cases.append(
                Case(
                    "altered", f"{name}-add{number}.txt", f"{text[:at]} {sentence}{text[at:]}".encode(), None
                )
            )
        for old, new in SWAPPED:
            if re.search(re.escape(old), text, re.IGNORECASE):
                swapped = re.sub(re.escape(old), new, text, count=1, flags=re.IGNORECASE)
                cases.append(Case("altered", f"{name}-swap-{new.split()[0]}.txt", swapped.encode(), None))
        paragraphs = re.split(r"\n\s*\n", text.strip())
        middle = [at for at in range(1, len(paragraphs) - 1) if len(paragraphs[at].split()) > 20]
        for at in chance.sample(middle, min(2, len(middle))):
            less = "\n\n".join(paragraphs[:at] + paragraphs[at + 1 :])
            cases.append(Case("altered", f"{name}-less{at}.txt", less.encode(), None))
    return cases


def cut_texts(chance: random.Random) -> list[Case]:
    cases = []
    for name in COMMON:
        words = re.findall(r"\S+\s*", filled(texts()[name]))
        if len(words) > 120:
            for share in (0.3, 0.55, 0.8):
                part = "".join(words[: int(len(words) * share * chance.uniform(0.95, 1.05))])
                cases.append(Case("cut off", f"{name}-{share}.txt", part.encode(), None))
    return cases


def installed_packages() -> list[Case]:
    """License files and descriptions of the Python packages here, with what they declare as SPDX."""
    cases = []
    for package in importlib.metadata.distributions():
        head = package.metadata
        declared = head.get("License-Expression")
        files = [
            file
            for file in package.files or []
            if re.search(r"(?i)/licen[sc]e[^/]*$|/copying[^/]*$", str(file))
        ]
        if declared and len(files) == 1 and " " not in declared:
            data = Path(str(files[0].locate())).read_bytes()
            cases.append(Case("package", f"{head['Name']}/{files[0].name}", data, declared))
        body = str(head.get("Description") or head.get_payload() or "")
        if len(body.split()) > 150 and not re.search(r"(?i)licen[sc]|gpl|copyright", body):
            cases.append(Case("no license", f"{head['Name']}/README.md", body.encode(), None))
    return cases


def other_texts() -> list[Case]:
    cases = [
        Case("no license", f"agreement{n}.txt", text.encode(), None) for n, text in enumerate(AGREEMENTS)
    ]
    cases += [
        Case("no license", f"{path.parent.name}/NEWS.txt", path.read_bytes()[:200_000], None)
        for path in sorted(Path("/usr/share/doc").glob("*/NEWS*"))[:20]
        if path.suffix != ".gz"
    ]
    for mark in ("#", "//", " *", "--", ";;"):
        for number, (text, expected) in enumerate(NOTICES):
            block = commented(f"Copyright (c) 2020 Ada Example\n\n{textwrap.fill(text, 70)}", mark)
            cases.append(
                Case(
                    "notice",
                    f"{number}{mark.strip()[:1] or 'x'}.txt".replace("/", "s").replace("*", "a"),
                    block.encode(),
                    expected,
                )
            )
    return cases


def assemble(npm: Path | None, seed: int = 7) -> list[Case]:
    chance = random.Random(seed)
    files = [("Debian", debian_files()), ("npm", npm_files(npm) if npm else [])]
    packages = [Case(kind, *file) for kind, found in files for file in found]
    return [
        *whole_texts(), *installed_packages(), *packages, *altered_texts(chance), *cut_texts(chance), *other_texts(),
    ]  # fmt: skip


Answers = tuple[list[tuple[list[str], bool]], list[float]]
"""For each case what was concluded and whether a person is asked; and the seconds it took."""


def is_right(case: Case, concluded: list[str], *, asked: bool) -> bool:
    """Whole texts and notices: the right expression. The rest: no license, or (altered) a question."""
    if case.expected is None:
        return not concluded or (case.kind == "altered" and asked)
    if case.kind in PACKAGES and asked:
        return True
    try:
        want = {family(str(leaf)) for leaf in leaves(parse(case.expected))}
        have = {family(str(leaf)) for leaf in leaves(parse(" AND ".join(f"({one})" for one in concluded)))}
    except ExpressionError:
        return False
    if case.kind in PACKAGES:  # it may declare its own license only, and ship others
        return want <= have
    return want == have and (case.kind != "notice" or parse(case.expected) == parse(concluded[0]))


def ours(cases: list[Case]) -> Answers:
    answers, seconds = [], []
    for case in cases:
        start = time.process_time()
        found = detect_file(case.name, case.data)
        seconds.append(time.process_time() - start)
        open_ids = [one for one in found.expressions[:1] if "LicenseRef-" not in one]
        answers.append((open_ids, found.review))
    return answers, seconds


def classifier(cases: list[Case]) -> Answers:
    answers, seconds = [], []
    for case in cases:
        start = time.process_time()
        found = identify_license(case.data.decode("utf-8", "replace"))
        seconds.append(time.process_time() - start)
        answers.append((list(dict.fromkeys(one.id for one in found)), False))
    return answers, seconds


SCANCODE = """
import json, sys, time
from scancode.api import get_licenses
for line in sys.stdin:
    start = time.process_time()
    found = get_licenses(line.strip())["detected_license_expression_spdx"]
    print(json.dumps([found, time.process_time() - start]), flush=True)
"""


def scancode(python: str, cases: list[Case]) -> Answers:
    """Ask ScanCode, in its own environment, one file after the other in one process."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, case in enumerate(cases):
            path = Path(folder) / str(number) / case.name.rsplit("/", 1)[-1]
            path.parent.mkdir()
            path.write_bytes(case.data)
            paths.append(str(path))
        done = subprocess.run(
            [python, "-c", SCANCODE],
            input="\n".join([paths[0], *paths]),
            capture_output=True,
            text=True,
            check=True,
        )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")][1:]
    answers: list[tuple[list[str], bool]] = [
        ([] if not found or "LicenseRef-" in found else [found], False) for found, _ in lines
    ]
    return answers, [seconds for _, seconds in lines]


def table(name: str, cases: list[Case], answered: Answers, *, show: bool = False) -> None:
    answers, seconds = answered
    right: dict[str, list[bool]] = defaultdict(list)
    asking: dict[str, int] = defaultdict(int)
    for case, (concluded, asked) in zip(cases, answers, strict=True):
        good = is_right(case, concluded, asked=asked)
        right[case.kind].append(good)
        asking[case.kind] += asked and case.kind in PACKAGES
        if show and not good:
            print(f"  {case.kind}: {case.name}: {concluded} for {case.expected}")
    counts = ", ".join(
        f"{kind} {sum(good)}/{len(good)}" + (f" ({asking[kind]} asked)" if asking[kind] else "")
        for kind, good in right.items()
    )
    print(f"{name}: {counts}; median {statistics.median(seconds) * 1000:.1f} ms, total {sum(seconds):.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scancode", metavar="PYTHON")
    parser.add_argument("--npm", metavar="FOLDER", type=Path)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    cases = assemble(given.npm)
    table("marquee", cases, ours(cases), show=given.show)
    table("licenseclassifier", cases, classifier(cases))
    if given.scancode:
        table("scancode", cases, scancode(given.scancode, cases), show=given.show)


if __name__ == "__main__":
    main()
