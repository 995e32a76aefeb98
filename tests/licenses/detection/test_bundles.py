"""Whole bundles: parts, REUSE's four ways, metadata, and one conclusion."""

from licenses.detection import detect_files


def bundle(**files: str | bytes):
    pairs = ((path, data.encode() if isinstance(data, str) else data) for path, data in files.items())
    return detect_files(pairs)


def test_headers_tell_what_the_license_file_leaves_open(spdx_text) -> None:
    header = (
        "# you can redistribute it under the terms of the GNU General Public License as published by the\n"
    )
    header += "# Free Software Foundation, either version 3 of the License, or (at your option) any later version.\n"
    found = bundle(**{"a/LICENSE": spdx_text("GPL-3.0-only"), "a/x.py": header})
    assert found.expression == "GPL-3.0-or-later"
    assert not found.review


def test_a_vendored_folder_is_a_part_of_its_own(spdx_text) -> None:
    found = bundle(**{
        "a/LICENSE": spdx_text("MIT"),
        "a/lib/vendor/foo/LICENSE": spdx_text("GPL-2.0-only"),
        "a/lib/vendor/foo/foo.py": "# SPDX-License-Identifier: GPL-2.0-or-later\n",
    })  # fmt: skip
    assert found.expression == "MIT AND GPL-2.0-or-later"
    assert [(part.folder, part.expression) for part in found.parts] == [
        ("", "MIT"),
        ("lib/vendor/foo", "GPL-2.0-or-later"),
    ]


def test_a_license_in_a_resources_or_docs_folder_speaks_for_the_bundle(spdx_text) -> None:
    found = bundle(**{"a/resources/LICENSE.txt": spdx_text("MIT"), "a/x.py": "x = 1"})
    assert [part.folder for part in found.parts] == [""]


def test_package_metadata_inside_is_read() -> None:
    found = bundle(**{
        "a/requests-2.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: requests\nLicense: Apache 2.0\n\nhello",
        "a/node_modules/left/package.json": '{"name": "left", "license": "MIT"}',
        "a/java/pom.xml": "<project><licenses><license><name>EPL-2.0</name></license></licenses></project>",
        "a/old/package.json": '{"licenses": [{"type": "MIT"}, {"type": "Apache-2.0"}]}',
    })  # fmt: skip
    told = {part.folder: part.expression for part in found.parts}
    assert told == {
        "requests-2.0.dist-info": "Apache-2.0",
        "node_modules/left": "MIT",
        "java": "EPL-2.0",
        "old": "MIT OR Apache-2.0",
    }


def test_reuse_is_read_in_all_four_ways(spdx_text) -> None:
    found = bundle(**{
        "code.py": "# SPDX-License-Identifier: MIT\n",
        "icon.png": b"\x89PNG",
        "icon.png.license": "SPDX-FileCopyrightText: 2020 Ada\nSPDX-License-Identifier: CC0-1.0\n",
        "data/x.json": "{}",
        "REUSE.toml": 'version = 1\n[[annotations]]\npath = "data/**"\nSPDX-License-Identifier = "CC-BY-4.0"\n',
        "LICENSES/MIT.txt": spdx_text("MIT"),
        "LICENSES/CC0-1.0.txt": spdx_text("CC0-1.0"),
        "LICENSES/CC-BY-4.0.txt": spdx_text("CC-BY-4.0"),
        "LICENSES/GPL-3.0-only.txt": spdx_text("GPL-3.0-only"),
    })  # fmt: skip
    assert found.expression == "MIT AND CC0-1.0 AND CC-BY-4.0"
    assert not found.review


def test_an_annotation_that_matches_nothing_says_nothing() -> None:
    found = bundle(**{
        "code.py": "x = 1",
        "REUSE.toml": 'version = 1\n[[annotations]]\npath = "data/*"\nSPDX-License-Identifier = "MIT"\n',
    })  # fmt: skip
    assert found.expression is None


def test_an_overriding_annotation_silences_the_file() -> None:
    found = bundle(**{
        "code.py": "# SPDX-License-Identifier: MIT\n",
        "REUSE.toml": 'version = 1\n[[annotations]]\npath = "*.py"\nprecedence = "override"\n'
        'SPDX-License-Identifier = "Apache-2.0"\n',
    })  # fmt: skip
    assert found.expression == "Apache-2.0"


def test_debians_copyright_file_of_reuse_is_read() -> None:
    found = bundle(
        **{"x.c": "int x;", ".reuse/dep5": "Format: x\n\nFiles: *\nCopyright: 2020 Ada\nLicense: GPL-2+\n"}
    )
    assert found.expression == "GPL-2.0-or-later"


def test_ignored_passages_are_ignored() -> None:
    start, end = "REUSE-Ignore" + "Start", "REUSE-Ignore" + "End"
    text = f"# {start}\n# SPDX-License-Identifier: GPL-3.0-only\n# {end}\n# SPDX-License-Identifier: MIT\n"
    assert bundle(**{"x.py": text}).expression == "MIT"


def test_a_vague_readme_is_told_by_the_license_file(spdx_text) -> None:
    readme = "# X\n\nfoo\n\n## License\n\nThis project is under the GPL.\n"
    assert not bundle(**{"README.md": readme, "LICENSE": spdx_text("GPL-3.0-only")}).review
    assert bundle(**{"README.md": readme, "LICENSE": spdx_text("MIT")}).review
    assert bundle(**{"README.md": readme}).review


def test_two_texts_are_a_choice_only_where_somebody_says_so(spdx_text) -> None:
    both = {"LICENSE-MIT": spdx_text("MIT"), "LICENSE-APACHE": spdx_text("Apache-2.0")}
    assert bundle(**both).expression == "MIT AND Apache-2.0"
    choice = "# x\n\ny\n\n## License\n\nLicensed under either of Apache-2.0 or MIT at your option.\n"
    assert bundle(**both, **{"README.md": choice}).expression == "Apache-2.0 OR MIT"


def test_lgpl_and_the_gpl_it_builds_on_are_the_lgpl(spdx_text) -> None:
    lesser = spdx_text("LGPL-3.0-only").split("GNU GENERAL PUBLIC LICENSE\nVersion 3")[0]
    found = bundle(COPYING=spdx_text("GPL-3.0-only"), **{"COPYING.LESSER": lesser})
    assert found.expression == "LGPL-3.0-only"


def test_copyright_lines_are_collected_and_the_gpls_own_is_not(spdx_text) -> None:
    found = bundle(**{
        "LICENSE": spdx_text("GPL-3.0-only"),
        "a.py": "# Copyright (c) 2019 Grace Example\n# SPDX-License-Identifier: GPL-3.0-or-later\n",
        "NOTICE": "Example\nCopyright 2020 Ada Example\n",
    })  # fmt: skip
    assert sorted(found.copyrights) == ["Copyright (c) 2019 Grace Example", "Copyright 2020 Ada Example"]


def test_an_altered_text_anywhere_makes_the_bundle_changed(spdx_text) -> None:
    found = bundle(
        **{"LICENSE": spdx_text("MIT"), "lib/x/LICENSE": spdx_text("MIT") + " Non-commercial use only."}
    )
    assert found.state == "changed"
    assert found.review
    assert found.reasons[0].startswith("lib/x: ")


def test_a_bundle_that_says_nothing_says_so() -> None:
    found = bundle(**{"a/addon.xml": "<addon/>", "a/x.py": "print(1)\n"})
    assert (found.expression, found.state, found.review) == (None, "none", False)
