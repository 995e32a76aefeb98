"""Bad input (issue 5): time and memory are bounded, what was left out is a finding, nothing is lost."""

import io
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.confined import read_confined
from registry.bundles.findings import Severity
from registry.bundles.inspection import inspect
from registry.bundles.limits import MIB, Limits
from registry.bundles.privacy import privacy_of, search
from tests.registry.bundles.packing import bundle_of, kodi_zip

URL = "https://api.acme-tv.com/x"
#: Processor seconds; an idle core needs a third of it.
LONGEST_S = 10.0


def found(files):
    started = time.process_time()
    evidence = search(bundle_of(files))
    assert time.process_time() - started < LONGEST_S
    return evidence


def level_of(evidence, host="api.acme-tv.com"):
    return {each.host: each.level.value for each in evidence.hosts}.get(host)


def codes(evidence):
    return [finding.code for finding in evidence.findings]


def minified(size_bytes):
    rnd, out, length = random.Random(7), [], 0
    while length < size_bytes:
        name = f"f{rnd.getrandbits(48):x}"
        out.append(f'function {name}(a,b){{return a.{name}["k{rnd.getrandbits(32)}"]+b({rnd.random()})}}')
        length += len(out[-1])
    return "".join(out)


def test_five_megabytes_of_minified_javascript_in_one_line():
    half = minified(2_500_000)
    evidence = found({"a.js": f'{half}fetch("https://one.acme-tv.com/x");{half}fetch("{URL}")'})
    assert (level_of(evidence, "one.acme-tv.com"), level_of(evidence)) == ("E2", "E2")


def test_a_file_of_a_million_lines():
    lines = "\n".join(f"x{number} = {number}" for number in range(1_000_000))
    evidence = found({"a.py": f'{lines}\nrequests.get("{URL}")\n'})
    (host,) = evidence.hosts
    assert (host.level.value, host.evidence[0].line) == ("E2", 1_000_001)


@pytest.mark.parametrize(
    "broken",
    [
        "(" * 300_000,
        "[" * 200_000 + "]" * 200_000 + "\n",
        "def f(:\n  if ]\n" * 20_000,
        "f(" * 50_000 + "1" + ")" * 50_000 + "\n",
        "x = 'a'" + " + 'b'" * 80_000 + "\n",
        "\0\1\2\ufffd" * 50_000 + "\n",
        "if x:\n " * 30_000,
        "x = y" + ".replace('a', 'b')" * 25_000 + "\n",
        "x = 'y'" + ".replace('y', 'yyyy')" * 99 + "\n",
        "x = [" + "120, " * 100_000 + "1]\n",
        '"""' + "never closed\n" * 3,
    ],
    ids=[
        "open",
        "nested",
        "no Python",
        "calls",
        "chain",
        "noise",
        "blocks",
        "replaced",
        "grown",
        "letters",
        "string",
    ],
)
@pytest.mark.parametrize("name", ["a.py", "a.js"])
def test_code_that_does_not_parse_or_nests_without_end_hides_nothing_before_it(name, broken):
    ask = f'fetch("{URL}")\n' if name == "a.js" else f'requests.get("{URL}")\n'
    assert level_of(found({name: ask + broken})) == "E2"


@pytest.mark.parametrize(
    ("encoding", "lines"),
    [("utf-16", 1), ("utf-16-le", 1), ("utf-16-be", 1), ("utf-8-sig", 1), ("utf-16", 60_000)],
)
def test_source_in_two_bytes_a_letter(encoding, lines):
    code = "x = 1\n" * lines + f'requests.get("{URL}")\n'
    assert level_of(found({"a.py": code.encode(encoding)})) == "E2"


def test_letters_that_nobody_sees_are_written_out_in_what_people_read():
    evidence = found({"a.py": f'x = "{URL}\u202e\u2066\u200b"  # \u202e'})
    excerpt = evidence.hosts[0].evidence[0].excerpt
    assert excerpt.isprintable()
    assert "\\u202e" in excerpt


@pytest.mark.parametrize(
    ("name", "head", "row", "end"),
    [
        (
            "settings.xml",
            "<settings>",
            '<setting id="server_{0}" default="https://h{0}.acme-tv.com/"/>\n',
            "</settings>",
        ),
        (
            "settings.xml",
            "<settings>",
            '<setting id="server_{0}" default="https://h{0}.acme-tv.com/"/>',
            "</settings>",
        ),
        ("DefaultPrefs.json", "[", '{{"id": "server_{0}", "default": "https://h{0}.acme-tv.com/"}},', "{}]"),
        ("settings.yml", "", "server_{0}: https://h{0}.acme-tv.com/\n", ""),
    ],
)
def test_settings_of_ten_thousand_entries_are_cut_with_a_finding_and_keep_what_weighs_more(
    name, head, row, end
):
    rows = "".join(row.format(number) for number in range(10_000))
    evidence = found({name: head + rows + end, "z.py": "import sentry_sdk\n" + f'requests.get("{URL}")'})
    assert "privacy.too_many_hosts" in codes(evidence)
    assert (level_of(evidence), level_of(evidence, "sentry.io")) == ("E2", "E3")
    assert len(evidence.hosts) <= 1000


def test_names_with_too_many_meanings_are_a_finding():
    code = "\n".join(f"url = url + 'x{number}'\ndef url(url): return url(url)" for number in range(1500))
    files = {f"a{number}.py": f"{code}\nrequests.get(url)" for number in range(6)}
    assert "privacy.not_all_followed" in codes(found(files))


def test_more_code_than_is_followed_is_looked_at_by_line(monkeypatch):
    monkeypatch.setattr("registry.bundles.privacy.finding.MOST_FACTS", 1000)
    evidence = found({"a.py": "f(a, 'b' + c)\n" * 1000, "b.py": f'requests.get("{URL}")'})
    assert (codes(evidence), level_of(evidence)) == (["privacy.not_all_followed"], "E2")


@pytest.mark.slow
def test_dense_code_of_eight_megabytes_does_not_cost_the_closed_child_its_life():
    dense = "f(a,'b'+c)\n" * 46_000
    ends = []
    files = {f"m{number}.py": f"{dense}# {number}" for number in range(17)}
    result = read_confined(io.BytesIO(kodi_zip(files)), "x.zip", on_end=ends.append)
    assert result.ok
    assert codes(result.privacy) == ["privacy.not_all_followed"]
    assert ends[0].peak_bytes < 500 * MIB


def test_what_is_too_large_is_a_finding(monkeypatch):
    monkeypatch.setattr("registry.bundles.privacy.finding.LOOKED_AT_BYTES", 10_000)
    evidence = found({"a.py": "x" * 20_000, "b.py": f'requests.get("{URL}")'})
    assert (codes(evidence), level_of(evidence)) == (["privacy.not_all_read"], "E2")


def test_when_time_runs_out_the_rest_is_a_finding():
    bundle = bundle_of({f"m{number}.py": f'requests.get("{URL}")' for number in range(50)})
    evidence = search(bundle, Limits(cpu_s=0))
    assert codes(evidence) == ["privacy.not_all_read"]


def test_a_reader_that_stumbles_costs_only_its_own_file(monkeypatch):
    def stumble(path, text):
        raise IndexError(path)

    monkeypatch.setattr("registry.bundles.privacy.finding._WHOLE", {})
    monkeypatch.setattr("registry.bundles.privacy.finding.user_set_in", stumble)
    evidence = found({"a.xml": "<a/>", "lib.so": b"\x7fELF\0https://api.acme-tv.com/x\0"})
    assert (codes(evidence), level_of(evidence)) == (["privacy.not_read"], "E1")
    assert evidence.findings[0].path == "a.xml"


@pytest.mark.parametrize(
    "declaration",
    [
        "none = true\n[[data]]\ncode = 'library'\npurposes = ['match']\nrecipients = ['public']\n",
        "[[data]]\ncode = 'secrets'\npurposes = ['match']\nrecipients = ['public']\n",
        "none = ",
        "none = true\nhosts = []\n" + "x = [" * 500 + "]" * 500,
        "hosts = [" + '"a b",' * 20_000 + "]\n",
        "none = true\n",
    ],
)
def test_no_declaration_refuses_a_bundle_but_each_is_told(declaration):
    files = {"privacy.toml": declaration, "lib.py": 'requests.get("https://api.mixpanel.com/track")'}
    result = inspect(io.BytesIO(kodi_zip(files)), "x.zip")
    assert result.ok
    told = [f for f in result.findings if f.code.startswith(("privacy", "manifest"))]
    assert told
    assert all(finding.severity is not Severity.ERROR and finding.fix for finding in told)
    assert level_of(result.privacy, "api.mixpanel.com") == "E2"


def test_the_closed_child_reads_two_hundred_files_within_its_means():
    body = "def f{0}(a, b):\n    x = {{'k': a, 'v': 'text {0}'}}\n    return requests.get(API + '/x/%s' % b, x)\n\n"
    code = "from const import API\n" + "".join(body.format(number) for number in range(110))
    files = {"const.py": f'API = "{URL}"\n', **{f"lib/m{number}.py": code for number in range(199)}}
    ends = []
    result = read_confined(io.BytesIO(kodi_zip(files)), "x.zip", on_end=ends.append)
    assert level_of(result.privacy) == "E2"
    assert ends[0].cpu_s < LONGEST_S
    assert ends[0].peak_bytes < 300 * MIB


def test_the_closed_child_says_the_same_as_an_open_one():
    files = {
        "lib.py": f'import sentry_sdk\nimport subprocess\nrequests.get("{URL}")\nx = "VideoLibrary.GetMovies"\n',
        "a.js": 'fetch("https://one.acme-tv.com")',
        "native.so": b"\x7fELF\0https://two.acme-tv.com/x\0",
        "resources/settings.xml": '<settings><setting id="server_host" type="text"/></settings>',
        "privacy.toml": "none = true",
        "local.py": 'requests.get("http://127.0.0.1:8096")',
    }
    content = kodi_zip(files)
    open_one = inspect(io.BytesIO(content), "x.zip")
    closed = read_confined(io.BytesIO(content), "x.zip")
    assert closed.privacy == open_one.privacy
    assert all(
        getattr(closed.privacy, name) for name in ("hosts", "local", "user_set", "data", "capabilities")
    )
    assert closed.privacy.contradictions
    assert "privacy.contradiction" in [finding.code for finding in closed.findings]


PIECES = st.sampled_from(
    [
        *(
            "http://",
            "https://a.org/",
            "//",
            "a.",
            "www.a.com",
            "\\",
            '"',
            "'",
            "`",
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
        ),
        *(
            "<",
            ">",
            "<url",
            "<a href=",
            "&lt;",
            "&#",
            "/*",
            "*/",
            "#",
            "\n",
            "\0",
            "\u202e",
            "%s",
            "%(a)s",
            "${",
            "+",
        ),
        *(
            "=",
            ":",
            ",",
            "User-Agent",
            "get(",
            ".join(",
            ".format(",
            "def f(a):\n ",
            "x = ",
            "for a in b:\n ",
            "QUJD" * 5,
        ),
        *(
            "0x7f",
            "1.2.3.4",
            "\U0001f600",
            "ﬁ",
            "。",
            "xn--",
            "-",
            "@",
            "import a",
            "lambda x:",
            "=>",
            "class A:\n ",
            "6a" * 9,
        ),
    ]
)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(PIECES, max_size=60).map("".join),
    st.sampled_from(
        ["a.py", "a.js", "a.xml", "a.yml", "a.json", "a.lua", "a.so", "a.dll", "settings.xml", "a.html"]
    ),
    st.sampled_from([1, 400]),
)
def test_whatever_stands_in_a_file_the_search_ends_and_stumbles_over_nothing(text, name, times):
    started = time.process_time()
    evidence = privacy_of(bundle_of({name: (text * times).encode("utf-8", "surrogatepass")}))
    assert "privacy.not_read" not in codes(evidence)
    assert time.process_time() - started < LONGEST_S
