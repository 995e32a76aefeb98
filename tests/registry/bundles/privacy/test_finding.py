"""Which hosts are a contact, which are only mentioned, and how strong each trace is."""

import base64

import pytest

from registry.bundles.privacy import privacy_of
from tests.registry.bundles.packing import bundle_of


def hosts(files):
    return {host.host: host.level.value for host in privacy_of(bundle_of(files)).hosts}


@pytest.mark.parametrize(
    "code",
    [
        'requests.get("https://api.acme-tv.com/x")',
        'BASE = "https://api.acme-tv.com"\nrequests.get(BASE + "/x/%s" % 1)',
        'HOST = "api.acme-tv.com"\nurllib2.urlopen("https://%s/x" % HOST)',
        'HOST = "api.acme-tv.com"\nrequests.get(f"https://{HOST}/x")',
        'requests.get("https://{}/x".format("api.acme-tv.com"))',
        'def ask(url):\n    return requests.get(url)\nask("https://api.acme-tv.com/x")',
        'class A:\n    def __init__(self, u):\n        self.u = u\n    def go(self):\n        requests.get(self.u)\nA("https://api.acme-tv.com")',
        'print "Python 2"\nHTTP.Request("https://api.acme-tv.com/x")',
        'HTML.ElementFromURL("https://api.acme-tv.com/x")',
        f'U = base64.b64decode("{base64.b64encode(b"https://api.acme-tv.com/x").decode()}")\nrequests.get(U)',
        f'requests.get("{b"https://api.acme-tv.com/x".hex()}".decode("hex"))',
        'con = http.client.HTTPSConnection("api.acme-tv.com")',
        'xbmcgui.ListItem(path="https://api.acme-tv.com/x.mp4")',
    ],
)
def test_an_address_that_reaches_a_call_in_python_is_e2(code):
    assert hosts({"default.py": code}) == {"api.acme-tv.com": "E2"}


@pytest.mark.parametrize(
    "code",
    [
        'fetch("https://api.acme-tv.com/x")',
        "const base = 'https://api.acme-tv.com'; const go = (u) => fetch(u); go(`${base}/x`)",
        'const x = new WebSocket("wss://api.acme-tv.com/x");',
    ],
)
def test_an_address_that_reaches_a_call_in_javascript_is_e2(code):
    assert hosts({"main.js": code}) == {"api.acme-tv.com": "E2"}


def test_a_constant_is_followed_into_another_file():
    files = {
        "lib/const.py": 'API = "https://api.acme-tv.com"',
        "main.py": "from lib.const import API\nimport requests\nrequests.get(API)",
    }
    assert hosts(files) == {"api.acme-tv.com": "E2"}


def test_an_address_that_goes_nowhere_is_e1():
    assert hosts({"main.py": 'WHERE = "https://api.acme-tv.com/x"'}) == {"api.acme-tv.com": "E1"}


@pytest.mark.parametrize(
    "files",
    [
        {"main.py": "# see https://api.acme-tv.com/x\n"},
        {"main.py": '"""See https://api.acme-tv.com/x."""\n'},
        {"main.py": 'xbmc.log("see https://api.acme-tv.com/x")'},
        {"main.py": 'requests.get(own, headers={"User-Agent": "x (https://api.acme-tv.com)"})'},
        {"main.py": 'if "https://api.acme-tv.com" in text:\n    pass'},
        {"main.js": "// https://api.acme-tv.com/x\n/* https://api.acme-tv.com/x */"},
        {"LICENSE.txt": "https://api.acme-tv.com/x"},
        {"README.md": "https://api.acme-tv.com/x"},
        {"tests/test_main.py": 'requests.get("https://api.acme-tv.com/x")'},
        {"addon.xml": "<addon><website>https://api.acme-tv.com/x</website></addon>"},
        {"a.xml": '<a xmlns:b="https://api.acme-tv.com/x"/>'},
        {"a.xml": "<a><!-- https://api.acme-tv.com/x --></a>"},
        {"package.json": '{"homepage": "https://api.acme-tv.com/x"}'},
        {"run.sh": "# curl https://api.acme-tv.com/x\n"},
    ],
)
def test_a_host_that_is_only_mentioned_is_left_out(files):
    assert hosts(files) == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run.sh", "curl -s https://api.acme-tv.com/x\n"),
        ("a.lua", 'http.request("https://api.acme-tv.com/x")'),
        (
            "site.yml",
            "name: Site\nsceneByURL:\n  - action: scrapeXPath\n    url:\n      - api.acme-tv.com/x/\n",
        ),
        (
            "s.xml",
            '<scraper><A><RegExp output="&lt;url&gt;https://api.acme-tv.com/x&lt;/url&gt;"/></A></scraper>',
        ),
        ("addon.xml", "<addon><dir><info>https://api.acme-tv.com/addons.xml</info></dir></addon>"),
        ("index.html", '<script src="https://api.acme-tv.com/x.js"></script>'),
    ],
)
def test_scripts_and_scrapers_are_read_too(name, text):
    assert hosts({name: text}) == {"api.acme-tv.com": "E2"}


def test_strings_of_native_programs_are_e1():
    assert hosts({"lib.so": b"\x7fELF\0\0https://api.acme-tv.com/x\0"}) == {"api.acme-tv.com": "E1"}


def test_a_telemetry_kit_is_e3_with_company_and_place():
    (host,) = privacy_of(bundle_of({"main.py": "import os\nimport sentry_sdk\n"})).hosts
    assert (host.host, host.level, host.company, host.role) == ("sentry.io", "E3", "Sentry", "ad_analytics")
    assert (host.evidence[0].path, host.evidence[0].line, host.evidence[0].excerpt) == (
        "main.py",
        2,
        "import sentry_sdk",
    )


def test_local_addresses_and_those_the_user_sets_are_told_apart():
    files = {
        "main.py": 'requests.get("http://127.0.0.1:32400/x")',
        "resources/settings.xml": '<settings><setting id="server_host" type="text"/></settings>',
    }
    found = privacy_of(bundle_of(files))
    assert found.hosts == ()
    assert [host.host for host in found.local] == ["127.0.0.1"]
    assert found.user_set[0].evidence[0].line == 1


def test_a_library_of_others_is_told_apart_but_never_hides_a_tracker():
    files = {
        "lib/requests/api.py": 'get("https://docs.acme-tv.com/x")\nrequests.get("https://api.mixpanel.com/track")'
    }
    found = privacy_of(bundle_of(files))
    assert [host.host for host in found.vendored] == ["docs.acme-tv.com"]
    assert [host.host for host in found.hosts] == ["api.mixpanel.com"]


def test_data_and_capabilities_have_their_place():
    files = {
        "main.py": 'import subprocess\nx = "VideoLibrary.GetMovies"\nsubprocess.call(["ls"])\n',
        "Contents/Info.plist": "<key>PlexPluginCodePolicy</key>\n<string>Elevated</string>",
    }
    found = privacy_of(bundle_of(files))
    assert [(trace.code, trace.evidence[0].line) for trace in found.data] == [("library", 2)]
    assert [(t.code, t.evidence[0].line) for t in found.capabilities] == [("exec", 3), ("sandbox_off", 2)]


def test_utf_16_and_code_that_does_not_parse_are_read():
    code = 'requests.get("https://api.acme-tv.com/x")\n'
    assert hosts({"main.py": code.encode("utf-16")}) == {"api.acme-tv.com": "E2"}
    assert hosts({"main.py": code + "def (((:\n ]]}"}) == {"api.acme-tv.com": "E2"}


def test_an_excerpt_writes_invisible_characters_out():
    (host,) = privacy_of(bundle_of({"main.py": 'x = "https://api.acme-tv.com/\u202e"'})).hosts
    assert "\\u202e" in host.evidence[0].excerpt
