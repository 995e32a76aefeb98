"""Secrets in bundles (BAD-INPUTS row 57)."""

import hashlib
import json
import os

import pytest

from registry.accounts.bearer import Prefix, make_secret
from registry.bundles.checks import check_bundle, holding_reasons
from registry.bundles.checks.secrets import WINDOW_BYTES, begin
from registry.bundles.findings import Severity
from registry.bundles.limits import DEFAULT_LIMITS
from tests.registry.bundles.packing import bundle_of, zip_of

BODY = "MIIEpAIBAAKCAQEA" + "x" * 48
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{BODY}\n-----END RSA PRIVATE KEY-----\n"
GITHUB = "ghp_" + "a1B2" * 9
SECRETS = {
    "rsa": PEM,
    "crlf": PEM.replace("\n", "\r\n"),
    "pkcs8": PEM.replace("RSA ", ""),
    "openssh": PEM.replace("RSA", "OPENSSH"),
    "short": "-----BEGIN EC PRIVATE KEY-----\nabc=\n-----END EC PRIVATE KEY-----",
    "encrypted": PEM.replace("-\nM", "-\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nM"),
    "pgp": f"-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: x\n\n{BODY}\n",
    "google": json.dumps({"private_key": PEM.replace("RSA ", "")}),
    "putty": "PuTTY-User-Key-File-3: ssh-ed25519\n",
    "aws": "key = 'AKIAQYLPMN5HHHFPZAM2'",
    "aws secret": "aws_secret_access_key = " + "wJalrXUtnFEMIK7MDENGbPxRfiCYzEXAMPLEKEYa",
    "github": f"TOKEN={GITHUB}",
    "github fine": "github_pat_" + "A" * 22 + "_" + "b" * 59,
    "gitlab": "glpat-" + "x1Y2" * 5,
    "slack": "xoxb-123456789012-abcdefghijkl",
    "stripe": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "npm": "//registry/:_authToken=npm_" + "a" * 36,
    "pypi": "pypi-AgEIcHlwaS5vcmc" + "C" * 60,
    "azure": "AccountKey=" + "k" * 86 + "==",
}


def findings_in(content, path="lib/config.py"):
    return check_bundle(bundle_of({path: content}), DEFAULT_LIMITS).findings


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_an_error_that_names_file_and_line_and_never_repeats_it(name):
    (finding,) = findings_in("# settings\n\n" + SECRETS[name])
    assert (finding.code, finding.severity) == ("scan.secret", Severity.ERROR)
    assert (finding.path, finding.line) == ("lib/config.py", 3)
    assert SECRETS[name] not in str(finding)
    assert "line 3" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PUBLIC KEY-----\nMIIEpAIBAAKCAQEAxxxxxxxxxxxx\n-----END PUBLIC KEY-----",
        'if line == "-----BEGIN PRIVATE KEY-----":\n    key = read()',
        'pem = "-----BEGIN PRIVATE KEY-----\\n" + key + "\\n-----END PRIVATE KEY-----"',
        "the header AKIA is followed by sixteen letters",
        "aws_secret_access_key = os.environ['AWS_SECRET_ACCESS_KEY']",
        "ghp_short mq_p_ npm_config_registry pypi-AgEI",
        "mq_p_" + "a" * 36,
    ],
)
def test_what_only_speaks_of_secrets_is_left_alone(text):
    assert findings_in(text) == []


@pytest.mark.parametrize(
    "path", ["lib/Cryptodome/SelfTest/test_import.py", "tests/certs/server.key", "data/examples-1.json"]
)
def test_a_key_made_up_for_a_librarys_tests_waits_for_a_moderator(path):
    (finding,) = found = findings_in(PEM, path)
    assert (finding.code, finding.severity) == ("scan.secret", Severity.WARNING)
    assert holding_reasons(found) == ["scan.secret"]


@pytest.mark.parametrize("path", ["latest/key.pem", "contest.py", "resources/documents.key"])
def test_a_path_that_only_sounds_like_tests_excuses_nothing(path):
    assert findings_in(PEM, path)[0].severity is Severity.ERROR


def test_an_own_token_among_tests_is_real_all_the_same():
    found = findings_in(make_secret(Prefix.API), "tests/config.py")
    assert {finding.severity for finding in found} == {Severity.ERROR}


def test_an_own_token_is_told_apart_with_its_digest_and_nothing_more():
    token = make_secret(Prefix.API)
    secret, own = findings_in(f"token: {token}\n", "settings.yml")
    assert (secret.code, own.code) == ("scan.secret", "scan.own_token")
    assert own.severity is Severity.ERROR
    assert own.private == {"token_sha256": hashlib.sha256(token.encode()).hexdigest()}
    assert token not in str(own)
    assert "private" not in own.as_json()


@pytest.mark.parametrize("prefix", Prefix)
def test_every_secret_that_accounts_make_is_known(prefix):
    assert [f.code for f in findings_in(make_secret(prefix))] == ["scan.secret", "scan.own_token"]


def test_a_compiled_file_hides_nothing():
    pyc = b"\xa7\r\r\n" + bytes(12) + b"\xe3" + bytes(40) + b"\xda\x28" + GITHUB.encode() + b"\xda"
    assert [f.code for f in findings_in(pyc, "main.pyc")] == ["scan.secret"]


def test_a_dotnet_assembly_hides_nothing_in_its_wide_strings():
    dll = b"MZ" + bytes(500) + b"\x51" + GITHUB.encode("utf-16-le") + b"\x00" + bytes(500)
    assert [f.code for f in findings_in(dll, "Plugin.dll")] == ["scan.secret"]


def test_an_archive_inside_the_bundle_hides_nothing():
    inner = zip_of({"deep/key.pem": PEM})
    found = {f.code: f.path for f in findings_in(inner, "libs/inner.zip")}
    assert found == {
        "entry.nested": "libs/inner.zip",
        "scan.secret": "libs/inner.zip!/deep/key.pem",
    }


@pytest.mark.parametrize("offset", range(-60, 60, 7))
def test_a_border_between_two_pieces_hides_nothing(offset):
    content = b"x" * (65_536 + offset) + b" " + GITHUB.encode() + b"\n" + b"y" * WINDOW_BYTES * 2
    scan = begin("data.bin")
    for at in range(0, len(content), 65_536):
        scan.feed(content[at : at + 65_536])
    assert len(list(scan.finish())) == 1


def test_random_bytes_hold_no_secret():
    assert findings_in(os.urandom(3_000_000), "noise.bin") == []


def test_the_same_secret_many_times_is_told_once():
    assert len(findings_in(f"{GITHUB}\n" * 50)) == 1
