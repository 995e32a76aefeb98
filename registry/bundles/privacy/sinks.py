"""Which calls reach the network, or hand an address to something that does: the player, a picture view.

Rows are names of documented functions: Python's standard library, requests, Plex's Framework, Kodi's
Python API, the web's and Node's (read 2026-11).
"""

import re
from functools import lru_cache

from registry.bundles.privacy.facts import Use

#: The call's last name is enough.
_BY_LAST_NAME = frozenset(
    re.findall(
        r"\S+",
        "urlopen urlretrieve urlcleanup HTTPConnection HTTPSConnection ServerProxy create_connection "
        "getaddrinfo "
        "gethostbyname WebSocketApp WebSocket WebSocketClient EventSource XMLHttpRequest fetch "
        "importScripts import "
        "sendBeacon axios ajax getJSON getScript build_opener FancyURLopener URLopener retrieve "
        "setResolvedUrl addDirectoryItem addDirectoryItems ListItem setArt setPath setThumbnailImage "
        "setIconImage "
        "add_available_artwork addAvailableArtwork addAvailableFanart setAvailableFanart set_fanart "
        "setFanart addArtwork "
        "HTTPLiveStreamURL RTMPVideoURL WindowsMediaVideoURL WebVideoURL PartObject VideoClipURL VideoURL "
        "StreamObject Redirect PlayMedia RunPlugin GetJson GetStringAsync GetAsync PostAsync SendAsync "
        "HttpRequestMessage sendto ofetch src send_async send_and_read send_and_read_async "
        "queue_message new_for_uri extract_info DownloadString DownloadFile OpenRead UploadString getUrl "
        "SMTP SMTP_SSL FTP FTP_TLS IMAP4 IMAP4_SSL POP3 POP3_SSL Telnet gethostbyname_ex open_connection "
        "baseURL ClientSession connect",
    )
)
#: …FromURL of Plex's Framework, and what people call their own wrappers.
_BY_SHAPE = re.compile(
    r"^(?:\w+FromURL|ContentsOfURLWithFallback|ContentsOfURL\w*|XMLRPC\w*|"
    r"_*(?:http|https|url|web|page|api|json|html|xml|soup|net|cached?|async|safe|do|make|send|post|get|"
    r"load|read|fetch|"
    r"download|open|request|call|query|retrieve|grab|scrape|curl|wget|tunein|invoke)(?:_?(?:http|https|"
    r"url|urls|page|"
    r"api|json|html|xml|soup|content|request|requests|response|source|site|file|link|data|feed|text|"
    r"download|image|"
    r"images|remote|web|get|post|call|query|token|graphql|rest|stream|async|cached?)){1,3})$",
    re.IGNORECASE,
)
#: Names that many things have; the thing before the dot decides.
_BY_OBJECT = {
    "get": 1, "post": 1, "put": 1, "delete": 1, "head": 1, "patch": 1, "request": 1, "Request": 1, "open": 1,
    "options": 1, "send": 1, "connect": 1, "play": 1, "copy": 1, "Stream": 1, "ws_connect": 1, "add": 1,
    "Precache": 1, "file": 1, "download": 1, "fetch": 1,
}  # fmt: skip
#: Objects whose calls show an address to people.
_NO_NETWORK = frozenset({"webbrowser", "shell", "Linking"})
#: What a call over the network is told besides the address: keywords of its arguments.
SAID_BESIDES = frozenset({"headers", "data", "json", "params", "body", "cookies", "auth", "timeout", "files"})
#: A call whose first argument is one of these asks for the second, whatever its name.
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})
#: Keywords by which a client is made for one address.
_BASES = frozenset({"base_url", "baseURL", "baseUrl", "prefix_url", "prefixUrl"})
#: Where a name without a scheme stands for a host.
_HOST_CALLS = frozenset(
    re.findall(
        r"\S+",
        "HTTPConnection HTTPSConnection create_connection getaddrinfo gethostbyname gethostbyname_ex connect "
        "sendto SMTP SMTP_SSL FTP FTP_TLS IMAP4 IMAP4_SSL POP3 POP3_SSL Telnet open_connection HostOption "
        "urlunsplit urlunparse",
    )
)
_HOST_KEYWORDS = frozenset({"host", "hostname", "server", "address", "domain"})
_HOST_NAMES = re.compile(r"(?i)(host|server|domain|addr|endpoint|site|netloc|base_?ur[il]|api_?ur[il])")
#: Calls that run what they are given.
_RUNNING = frozenset({"exec", "eval", "execfile", "compile", "Function", "loadstring", "exec_module"})
_RUNNERS = frozenset({"marshal", "pickle", "vm"})
#: Functions of that name, without anything before it.
_ALONE = frozenset({"Request", "request", "got", "needle", "superagent", "phin", "bent"})
_OBJECTS = re.compile(
    r"(?i)(?:^_?s|requests?|sess(ion)?|https?\w*|oauth2?|driver|client|opener|urllib[23]?|conn(ection)?|axios|\$|jquery|net|"
    r"scraper|httpx|aiohttp|api|browser|player|playlist|xbmcvfs|sock(et)?|pool|web|ws|websocket|xhr|got|"
    r"superagent|"
    r"connector|mechanize|br|fetcher|downloader|proxy)(\(.*\))?$"
)

#: Classes of .NET that ask over the network.
_NETWORK_TYPES = re.compile(
    r"^(?:HttpClient|IHttpClientFactory|HttpClientFactoryExtensions|WebRequest|HttpWebRequest|WebClient|HttpRequestMessage|"
    r"RestClient|IHttpClient|ClientWebSocket|TcpClient|UdpClient|Socket|IFlurlClient|HttpClientJsonExtensions|"
    r"HttpRequestOptions)$"
)


LONGEST_CALLEE = 300
_BY_GETATTR = re.compile(r"""getattr\(([\w.()]{1,120}),[bru]?["'](\w{1,60})["'](?:,[^()]{0,60})?\)""")
_BY_IMPORT = re.compile(r"""(?:__import__|(?:importlib\.)?import_module|require)\(["']([\w.]{1,100})["']\)""")
_BY_ITEM = re.compile(r"""\[["'](\w{1,60})["']\]$""")


@lru_cache(maxsize=4096)
def reaches_network(callee: str) -> bool:
    """Say whether a call by its dotted name asks for the address it is given."""
    before, _, last = callee.rpartition(".")
    if before in _NO_NETWORK:
        return False
    if last in _BY_LAST_NAME:
        return True
    if last in _BY_OBJECT:
        near = before.rpartition(".")[2]
        return bool(near and _OBJECTS.search(near)) or (last in _ALONE and not before)
    if last in _ALONE and not before:
        return True
    return bool(_BY_SHAPE.match(last))


def called(function: str) -> str:
    """Return a call's dotted name from its source, without the ways to write it that hide what is called.

    ``getattr(s, "get")`` is ``s.get``, ``__import__("requests").get`` is ``requests.get``, ``axios["get"]``
    is ``axios.get``.
    """
    name = "".join(function[-LONGEST_CALLEE:].split())
    if '"' not in name and "'" not in name:
        return name
    return _BY_ITEM.sub(r".\1", _BY_IMPORT.sub(r"\1", _BY_GETATTR.sub(r"\1.\2", name)))


@lru_cache(maxsize=4096)
def runs_code(callee: str) -> bool:
    """Say whether a call runs what it is given as code or as a command."""
    owner, _, last = callee.rpartition(".")
    if owner in _RUNNERS:
        return last.startswith(("load", "run"))
    return not owner and last in _RUNNING


def is_base(slot: int | str | None) -> bool:
    """Say whether an argument is the address that a client made so asks for each time."""
    return slot in _BASES


def takes_host(use: Use) -> bool:
    """Say whether a text that is put there is a host's name: by a variable's name, a keyword or a call."""
    if use.callee is not None:
        return use.slot in _HOST_KEYWORDS or use.callee.rpartition(".")[2] in _HOST_CALLS
    return use.target is not None and names_host(use.target)


@lru_cache(maxsize=4096)
def names_host(name: str) -> bool:
    """Say whether a variable is called what holds a host."""
    return bool(_HOST_NAMES.search(name))


def is_network_type(name: str) -> bool:
    """Say whether a .NET type, by its full name, asks over the network."""
    return bool(_NETWORK_TYPES.match(name.rpartition(".")[2]))
