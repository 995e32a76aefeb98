"""What somebody would do to hide a host from people who read the code: each is found all the same."""

import base64

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
    ],
)
def test_the_same_in_javascript(code):
    assert hosts({"main.js": code}) == {"api.acme-tv.com": "E2"}


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
