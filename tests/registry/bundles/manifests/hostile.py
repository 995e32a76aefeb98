"""Rows 42 to 47 of the bad inputs as contents of manifests, with the code that each must get."""

import plistlib
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

XML, PLIST, YAML, JSON, TOML = "xml", "plist", "yaml", "json", "toml"
APPLE = (
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">'
)


@dataclass(frozen=True)
class Case:
    """One bad manifest: which parser, which code, and the line if it must be told."""

    name: str
    parser: str
    code: str
    build: Callable[[], bytes]
    line: int | None = None


def text(content: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    return lambda: content.encode(encoding)


def plist(body: str, doctype: str = APPLE) -> Callable[[], bytes]:
    return text(f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}\n<plist version="1.0">{body}</plist>')


LAUGHS = "<!DOCTYPE a [\n<!ENTITY l0 'ha'>\n" + "".join(
    f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>\n" for n in range(1, 10)
)


def documents() -> Iterator[Case]:
    """Rows 42 and 43: what XML could fetch or unfold."""
    dtd = {
        "42-billion-laughs": LAUGHS + "]><a>&l9;</a>",
        "42-quadratic": f"<!DOCTYPE a [<!ENTITY x '{'y' * 9000}'>]><a>{'&x;' * 9000}</a>",
        "42-empty-internal-subset": "<!DOCTYPE a []><a/>",
        "42-internal-subset-of-comments": "<!DOCTYPE a SYSTEM 'a.dtd' [<!-- -->]><a/>",
        "42-unused-entity": "<!DOCTYPE a [<!ENTITY x 'y'>]><a/>",
        "42-element-declaration": "<!DOCTYPE a [<!ELEMENT a ANY>]><a/>",
        "42-attribute-default": "<!DOCTYPE a [<!ATTLIST a id CDATA 'x'>]><a/>",
        "43-file": "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "43-http": "<!DOCTYPE a [<!ENTITY x SYSTEM 'http://127.0.0.1:9/x'>]><a>&x;</a>",
        "43-parameter-entity": "<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/'> %p;]><a/>",
        "43-entity-of-the-outer-dtd": "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><a>&nbsp;</a>",
        "43-xinclude": '<a xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="/etc/passwd"/></a>',
        "43-xinclude-default": '<a><include xmlns="http://www.w3.org/2001/XInclude" href="x"/></a>',
        "43-style-sheet": '<?xml-stylesheet href="http://127.0.0.1:9/x.xsl" type="text/xsl"?><a/>',
    }
    for name, content in dtd.items():
        yield Case(name, XML, "manifest.dtd", text(content))
    yield Case("42-line", XML, "manifest.dtd", text("<?xml version='1.0'?>\n\n" + LAUGHS + "]><a/>"), 3)
    inside = plist("<dict/>", "<!DOCTYPE plist [<!ENTITY x 'y'>]>")
    yield Case("42-plist", PLIST, "manifest.dtd", inside, 2)


def shapes() -> Iterator[Case]:
    """Row 44: too deep, too wide, or not in the encoding that it says."""
    deep = "manifest.depth"
    yield Case("44-200000-levels", XML, deep, text("<a>" * 200_000 + "</a>" * 200_000))
    yield Case("44-200000-levels-unclosed", XML, deep, text("<a>" * 200_000))
    wide = "<a " + " ".join(f'a{n}=""' for n in range(1_000_000)) + "/>"
    yield Case("44-1000000-attributes", XML, deep, text(wide))
    yield Case(
        "44-1001-attributes", XML, deep, text("<a " + " ".join(f'a{n}=">"' for n in range(1_001)) + "/>")
    )
    yield Case("44-20000-elements", XML, deep, text("<a>" + "<b/>" * 20_000 + "</a>"))
    yield Case("44-line", XML, deep, text("<a>\n" * 40), 33)
    encoding = "manifest.encoding"
    entity = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
    for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        yield Case(f"44-{name}", XML, encoding, text(entity, name))
    yield Case("44-utf-7", XML, encoding, text("+ADw-a/+AD4-"))
    yield Case("44-utf-7-mark", XML, encoding, text("+/v8-<a/>"))
    for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7"):
        declared = text(f'<?xml version="1.0" encoding="{name}"?><a/>')
        yield Case(f"44-declared-{name}", XML, encoding, declared)
    yield Case("44-declared-unknown", XML, encoding, text('<?xml version="1.0" encoding="x-no"?><a/>'))
    wrong = text('<?xml version="1.0" encoding="UTF-8"?>\n<a>caf\xe9</a>', "latin-1")
    yield Case("44-says-utf-8-is-latin-1", XML, encoding, wrong, 2)
    yield Case(
        "44-says-ascii-is-utf-8", XML, encoding, text('<?xml version="1.0" encoding="ascii"?><a>é</a>')
    )
    yield Case("44-ebcdic", XML, encoding, text('<?xml version="1.0" encoding="cp037"?><a/>'))
    yield Case("44-nul", XML, encoding, lambda: b"<a>\0</a>")
    yield Case("44-not-well-formed", XML, "manifest.xml", text("<a>\n<b>\n</a>"), 3)
    yield Case("44-two-roots", XML, "manifest.xml", text("<a/><b/>"), 1)
    yield Case("44-nothing", XML, "manifest.xml", text(""))
    yield Case("44-too-large", XML, "limit.manifest", text(f"<a>{'x' * 300_000}</a>"))


def binary(objects: list[bytes], top: int = 0, count: int | None = None) -> bytes:
    """A binary property list of raw objects, references of one byte."""
    body, offsets = b"bplist00", []
    for one in objects:
        offsets.append(len(body))
        body += one
    table = b"".join(struct.pack(">H", one) for one in offsets)
    count = len(objects) if count is None else count
    return body + table + struct.pack(">6xBBQQQ", 2, 1, count, top, len(body))


def doubling(levels: int) -> bytes:
    """A list of the same list twice, so many levels deep: two to that power values."""
    key = b"\x51k"
    lists = [b"\xa2" + bytes([n + 1, n + 1]) for n in range(2, levels + 2)]
    return binary([b"\xd1\x01\x02", key, *lists, b"\x09"])


def lists() -> Iterator[Case]:
    """Row 45."""
    bad = "manifest.plist"
    yield Case("45-cycle", PLIST, bad, lambda: binary([b"\xd1\x01\x00", b"\x51k"]))
    yield Case("45-array-cycle", PLIST, bad, lambda: binary([b"\xd1\x01\x02", b"\x51k", b"\xa1\x02"]))
    yield Case("45-dag-bomb", PLIST, bad, lambda: doubling(28))
    claim = b"\x6f\x12" + struct.pack(">L", 10**9) + b"xx"
    yield Case("45-1e9-length", PLIST, bad, lambda: binary([b"\xd1\x01\x02", b"\x51k", claim]))
    array = b"\xaf\x12" + struct.pack(">L", 10**9)
    yield Case("45-1e9-array", PLIST, bad, lambda: binary([b"\xd1\x01\x02", b"\x51k", array]))
    yield Case("45-1e9-objects", PLIST, bad, lambda: binary([b"\xd0"], count=10**9))
    yield Case("45-truncated", PLIST, bad, lambda: plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY)[:-9])
    nan = struct.pack(">d", float("nan"))
    yield Case("45-nan-date", PLIST, bad, lambda: binary([b"\xd1\x01\x02", b"\x51k", b"\x33" + nan]))
    yield Case("45-nan-real", PLIST, bad, lambda: binary([b"\xd1\x01\x02", b"\x51k", b"\x23" + nan]))
    yield Case("45-uid", PLIST, bad, lambda: binary([b"\xd1\x01\x02", b"\x51k", b"\x80\x05"]))
    yield Case("45-key-is-a-list", PLIST, bad, lambda: binary([b"\xd1\x01\x01", b"\xa0"]))
    yield Case("45-key-is-a-number", PLIST, bad, lambda: binary([b"\xd1\x01\x01", b"\x10\x01"]))
    yield Case("45-deep-binary", PLIST, bad, deep_binary)
    yield Case("45-deep-xml", PLIST, bad, plist("<array>" * 3000 + "</array>" * 3000))
    nan_date = plist("<dict>\n<key>d</key>\n<date>NaN</date></dict>")
    yield Case("45-nan-date-xml", PLIST, bad, nan_date, 5)
    yield Case(
        "45-no-such-date", PLIST, bad, plist("<dict><key>d</key><date>2020-13-01T00:00:00Z</date></dict>")
    )
    for value in ("<integer>1e9</integer>", "<integer>٣</integer>", f"<integer>{'9' * 100_000}</integer>",
                  "<real>nan</real>", "<real>inf</real>", "<real>1e999</real>", "<data>!!!</data>",
                  "<string>a<b/></string>", "<odd/>", "<date/>"):  # fmt: skip
        name = f"45-value-{value[:24]}"
        yield Case(name, PLIST, bad, plist(f"<dict><key>k</key>{value}</dict>"))
    yield Case("45-key-without-value", PLIST, bad, plist("<dict><key>a</key></dict>"))
    yield Case("45-value-without-key", PLIST, bad, plist("<dict><true/><true/></dict>"))
    yield Case("45-no-dictionary", PLIST, bad, plist("<array/>"))
    yield Case("45-not-a-list", PLIST, bad, text("<html/>"))
    yield Case("45-old-style", PLIST, bad, text("{ a = b; }"))


def deep_binary() -> bytes:
    """Lists in lists, deeper than any recursion goes."""
    count = 20_000
    body, offsets = b"bplist00", []
    for number in range(count):
        offsets.append(len(body))
        body += b"\xa1" + struct.pack(">H", number + 1) if number < count - 1 else b"\x09"
    table = b"".join(struct.pack(">L", one) for one in offsets)
    return body + table + struct.pack(">6xBBQQQ", 4, 2, count, 0, len(body))


def yamls() -> Iterator[Case]:
    """Row 46."""
    bad = "manifest.yaml"
    bomb = "a: &a [x, x]\n" + "".join(
        f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    contents = {
        "alias-bomb": (bomb, 2),
        "python-object": ("a: 1\nb: !!python/object:os.system [x]\n", 2),
        "python-name": ("!!python/name:os.system", 1),
        "own-tag": ("a: !mine x", 1),
        "duplicate": ("name: a\nversion: 1\nname: b\n", 3),
        "5000-deep": ("[" * 5000, 1),
        "5000-deep-closed": ("[" * 5000 + "]" * 5000, 1),
        "duplicate-inside": ("a:\n  b: 1\n  b: 2\n", 3),
        "5000-deep-maps": ("{a: " * 5000, 1),
        "undefined-alias": ("a: *b", 1),
        "two-documents": ("a: 1\n---\nb: 2\n", None),
        "tab": ("a:\n\tb: 1\n", 2),
        "unclosed": ("a: [1, 2\n", None),
        "list-as-key": ("? [a]\n: b\n", 1),
        "too-many": ("[" + "1," * 10_001 + "]", 1),
        "nul": ("a: \0", None),
        "merge": ("<<: *x\n", 1),
        "self": ("a: &a [*a]\n", 1),
        "directive": ("%YAML 9.9\n---\na: 1\n", None),
    }
    for name, (content, line) in contents.items():
        yield Case(f"46-{name}", YAML, bad, text(content), line)
    yield Case("46-not-utf-8", YAML, bad, lambda: b"a: 1\nb: \xff\n", 2)
    yield Case("46-too-large", YAML, "limit.manifest", text("a: " + "x" * 300_000))


def jsons() -> Iterator[Case]:
    """Row 47."""
    contents = {
        "duplicate": ('{"a": 1,\n"a": 2}', 2),
        "200000-deep": ("[" * 200_000 + "]" * 200_000, 1),
        "200000-deep-objects": ('{"a":' * 200_000, 1),
        "100000-digits": (f'{{\n"n": {"9" * 100_000}}}', 2),
        "100000-digit-fraction": (f"0.{'1' * 100_000}", 1),
        "nan": ('{"a": NaN}', 1),
        "infinity": ("[\n\n-Infinity]", 3),
        "huge": ("[1e999]", 1),
        "bom": ("\ufeff{}", 1),
        "lone-surrogate": ('{\n"a": "\\ud800"}', 2),
        "lone-low-surrogate": ('["x\\udc00y"]', 1),
        "surrogates-swapped": ('["\\udc00\\ud800"]', 1),
        "surrogate-in-a-name": ('{"\\ud800": 1}', 1),
        "trailing-comma": ("[1,\n]", 2),
        "comment": ("// a\n[]", 1),
        "single-quotes": ("{'a': 1}", 1),
        "leading-zero": ("[01]", 1),
        "plus": ("[+1]", 1),
        "hex": ("[0x10]", 1),
        "dot": ("[.5]", 1),
        "two-values": ("{}\n{}", 2),
        "nothing": ("", 1),
        "unclosed": ('{"a": [1, 2', 1),
        "word": ("[nul]", 1),
        "control": ('["a\nb"]', 1),
        "escape": ('["\\x41"]', 1),
        "no-colon": ('{"a" 1}', 1),
        "no-comma": ("[1 2]", 1),
        "number-as-name": ("{1: 2}", 1),
        "too-many": ("[" + "1," * 10_001 + "1]", 1),
        "leading-comma": ("[,1]", 1),
        "only-comma": ("[,]", 1),
        "two-commas": ("[1,,2]", 1),
        "arabic-digits": ("[٣]", 1),
        "nbsp": ("[1,\u00a02]", 1),
    }
    for name, (content, line) in contents.items():
        yield Case(f"47-{name}", JSON, "manifest.json", text(content), line)
    yield Case("47-not-utf-8", JSON, "manifest.json", lambda: b'{\n"a": "\xe9"}', 2)
    yield Case("47-overlong", JSON, "manifest.json", lambda: b'["\xc0\xaf"]', 1)
    yield Case("47-encoded-surrogate", JSON, "manifest.json", lambda: b'["\xed\xa0\x80"]', 1)
    yield Case("47-utf-16", JSON, "manifest.json", text("{}", "utf-16"))
    yield Case("47-too-large", JSON, "limit.manifest", text(f'"{"x" * 300_000}"'))


def tomls() -> Iterator[Case]:
    """No row of their own: what marquee.toml and privacy.toml must not be."""
    contents = {
        "duplicate": ("a = 1\na = 2\n", 2),
        "duplicate-table": ("[a]\n[a]\n", None),
        "deep": ("a = " + "[" * 3000 + "]" * 3000, None),
        "deep-enough": ("a = " + "[" * 40 + "]" * 40, None),
        "digits": (f"a = {'9' * 100_000}", None),
        "no-value": ("a = 1\nb =\n", 2),
        "word": ("a = yes\n", 1),
        "date": ("a = 2020-13-01\n", 1),
        "many": ("a = [" + "1," * 10_001 + "]", None),
        "many-parts": ("b = 1\n" + ".".join("a" * 100_000) + " = 1", 2),
        "parts-of-a-table": ("[" + " . ".join(['"a"'] * 9000) + "]", 1),
    }
    for name, (content, line) in contents.items():
        yield Case(f"toml-{name}", TOML, "manifest.toml", text(content), line)
    yield Case("toml-not-utf-8", TOML, "manifest.toml", lambda: b"a = 1\nb = '\xff'\n", 2)
    yield Case("toml-too-large", TOML, "limit.manifest", text(f"a = '{'x' * 300_000}'"))


CASES = (*documents(), *shapes(), *lists(), *yamls(), *jsons(), *tomls())
