"""What sort of file each entry is for the finder, by its name: code, data, a document, somebody else's."""

import re
from enum import Enum, auto


class Sort(Enum):
    """How a file is read."""

    PYTHON = auto()
    JAVASCRIPT = auto()
    SCRIPT = auto()
    MARKUP = auto()
    YAML = auto()
    JSON = auto()
    PROGRAM = auto()
    ANY_TEXT = auto()
    SILENT = auto()


_BY_ENDING = {
    **dict.fromkeys(("py", "pys", "pyw"), Sort.PYTHON),
    **dict.fromkeys(("js", "mjs", "cjs"), Sort.JAVASCRIPT),
    **dict.fromkeys(
        re.findall(
            r"\S+",
            "sh bash lua ts tsx jsx vue brs cs java kt go rb php pl ps1 bat cmd qml c cpp h css toml ini "
            "cfg conf properties map",
        ),
        Sort.SCRIPT,
    ),
    **dict.fromkeys(("xml", "html", "htm", "plist", "xsp", "svg", "rdf", "opml", "strm", "nfo"), Sort.MARKUP),
    **dict.fromkeys(("ui", "glade", "ejs", "hbs"), Sort.MARKUP),
    **dict.fromkeys(("yml", "yaml"), Sort.YAML),
    **dict.fromkeys(("json", "webmanifest"), Sort.JSON),
    **dict.fromkeys(("dll", "exe", "so", "dylib", "dex", "pyc", "pyo", "pyd", "node", "wasm"), Sort.PROGRAM),
    "luac": Sort.PROGRAM,
    **dict.fromkeys(
        re.findall(
            r"\S+",
            "md rst markdown adoc po pot png jpg jpeg gif webp ico ttf woff woff2 otf eot xbt mp3 mp4 wav "
            "ogg pdf pem crt der xsd dtd rnc srt sha256 md5 asc sig rtf bmp tga mo gz zip arsc pyi",
        ),
        Sort.SILENT,
    ),
}  # fmt: skip
_DOCUMENT = re.compile(
    r"(?i)(^|/)(licen[cs]es?|copying|copyright|authors?|contributors?|changelog|changes|history|readme|"
    r"notice|"
    r"news|todo|thanks|credits|install|third[-_ ]?party[-_ ]?\w*|news|metadata|record|"
    r"wheel)([-_.][\w.-]*)?$"
)
_DOCUMENT_ENDS = re.compile(r"(?i)(^|\.)(txt|md|rst|html?|lesser|gpl|mit|bsd|apache|)$")
_SPOKEN = re.compile(
    r"(?i)(^|/)(docs?|examples?|samples?|tests?|testing|__tests__|spec|fixtures?|language|strings|"
    r"locales?|i18n|"
    r"[\w.-]+\.(dist|egg)-info|\.github|\.git|\.tx)/|(^|/)(test_[^/]*|[^/]*_test|conftest|[^/]*\.(test|"
    r"spec))\.\w+$"
    r"|(^|/)(package(-lock)?|composer|tsconfig|renovate|bower|lerna|jsconfig|\.eslintrc|pyproject|setup|"
    r"tox|poetry|privacy|marquee)"
    r"\.(json|toml|cfg|lock|ini)$|(^|/)(setup\.py|ServiceInfo\.plist|strings\.xml|[^/]*\.(appdata|metainfo)\.xml)$"
)
#: Libraries that add-ons carry as copies, by the folder or file that holds them.
_VENDORED = re.compile(
    r"(?i)(^|/)(site-packages|dist-packages|node_modules|vendor(ed)?|third[-_]?party|thirdparty|_vendor|"
    r"external|"
    r"packages|bower_components|requests|urllib3|chardet|certifi|idna|bs4|beautifulsoup\w*|html5lib|"
    r"soupsieve|six|"
    r"simplejson|httplib2|websockets?|websocket_client|dateutil|mutagen|tweepy|yaml|pyyaml|lxml|jinja2|"
    r"cryptography|"
    r"Crypto(dome)?|rsa|pyasn1|oauthlib|requests_\w+|feedparser|mechanize|babelfish|guessit|enzyme|"
    r"rebulk|stevedore|"
    r"dogpile|subliminal|subliminal_patch|pytz|tzlocal|attr|attrs|pycaption|pysrt|webencodings|markdown|"
    r"pyga|"
    r"youtube_dl|yt_dlp|httpx|httpcore|h11|anyio|pkg_resources|setuptools|pip|future|concurrent|cfscrape|"
    r"cloudscraper|execjs|pyparsing|unidecode|xmltodict|demjson|dropbox|googleapiclient|protobuf|"
    r"tornado|cherrypy|"
    r"flask|werkzeug|click|routes|cheroot|portend|tmdbsimple|musicbrainzngs|discogs_client|socks|pyaes|"
    r"sqlalchemy|"
    r"jquery|bootstrap|polymer)(/|[.-][\w.-]*?(min\.)?js$)|"
    r"(^|/)(six|simplejson|httplib2|feedparser|xmltodict|BeautifulSoup|socks|pyaes|demjson|jquery[\w.-]*|"
    r"bootstrap[\w.-]*|react[\w.-]*|vue[\w.-]*|angular[\w.-]*|lodash[\w.-]*|moment[\w.-]*|"
    r"ssl_match_hostname|"
    r"Newtonsoft\.Json|RestSharp|HtmlAgilityPack|AngleSharp|Serilog[\w.]*|Polly|SQLitePCLRaw[\w.]*|"
    r"(Microsoft|System)\.[\w.]+|protobuf-net[\w.]*|Google\.Protobuf)\.(py|js|dll)$"
)


def sort_of(path: str, head: bytes) -> Sort:
    """Return how to read a file; ``head`` are its first bytes, which a program's name may deny."""
    if head.startswith((b"\x7fELF", b"MZ", b"\x1bLua", b"dex\n", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")):
        return Sort.PROGRAM
    last = path.rpartition("/")[2].lower()
    stem, dot, ending = last.rpartition(".")
    if _DOCUMENT.search(path) and (not dot or _DOCUMENT_ENDS.search(ending)):
        return Sort.SILENT
    known = Sort.PROGRAM if last == "androidmanifest.xml" else _BY_ENDING.get(ending if dot else "")
    if known is not None:
        return known
    return _by_beginning(stem, ending, head)


def _by_beginning(stem: str, ending: str, head: bytes) -> Sort:
    if head.startswith(b"#!"):
        return Sort.PYTHON if b"python" in head[:64] else Sort.SCRIPT
    if ending == "txt" and not stem.startswith("hosts"):
        return Sort.SILENT
    return Sort.SILENT if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) else Sort.ANY_TEXT


def is_spoken_only(path: str) -> bool:
    """Say whether a file only speaks of hosts: documents, tests, translations, what build tools read."""
    return bool(_SPOKEN.search(path))


def is_vendored(path: str) -> bool:
    """Say whether a file is a copy of somebody's library, by the name that library has."""
    return bool(_VENDORED.search(path))
