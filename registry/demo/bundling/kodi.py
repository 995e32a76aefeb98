"""Kodi add-ons: one folder with addon.xml, a little code, and pictures."""

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from registry.demo.bundling.archives import license_file, zip_of
from registry.demo.catalogue import Listing, Version
from registry.demo.pictures import fanart, icon, screenshot

PYTHON = "xbmc.python"
POINTS = {
    "video": ("xbmc.python.pluginsource", "<provides>video</provides>"),
    "audio": ("xbmc.python.pluginsource", "<provides>audio</provides>"),
    "image": ("xbmc.python.pluginsource", "<provides>image</provides>"),
    "movies": ("xbmc.metadata.scraper.movies", ""),
    "tvshows": ("xbmc.metadata.scraper.tvshows", ""),
    "subtitles": ("xbmc.subtitle.module", ""),
    "lyrics": ("xbmc.python.lyrics", ""),
    "weather": ("xbmc.python.weather", ""),
    "screensaver": ("xbmc.ui.screensaver", ""),
    "script": ("xbmc.python.script", ""),
    "service": ("xbmc.service", ""),
}
MENU = "<item><label>{name}</label><visible>ListItem.IsPlayable</visible></item>"
#: Who splits file names uses the library that does it.
TIDEWORDS = "script.module.tidewords"
SPLITTING = ("movies", "tvshows", "subtitles")


def make(listing: Listing, version: Version) -> bytes:
    """Make the zip of a version."""
    pictures = _pictures(listing)
    files: dict[str, str | bytes] = {
        "addon.xml": _addon_xml(listing, version, pictures),
        "LICENSE.txt": license_file(listing.license),
        **_code(listing, version),
        **pictures,
    }
    return zip_of({f"{listing.identifier}/{path}": body for path, body in files.items()})


def _pictures(listing: Listing) -> dict[str, bytes]:
    look, seed = listing.look, listing.identifier
    shots = range(1, listing.details.get("shots", 0) + 1)
    return {
        "resources/icon.png": icon(look, seed),
        "resources/fanart.jpg": fanart(look, seed),
        **{f"resources/screenshot-{n}.jpg": screenshot(look, seed, n) for n in shots},
    }


def _addon_xml(listing: Listing, version: Version, pictures: Mapping[str, bytes]) -> str:
    assets = "".join(f"\n      <{_role(path)}>{path}</{_role(path)}>" for path in pictures)
    return f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<addon id={quoteattr(listing.identifier)} name={quoteattr(listing.name)} version={quoteattr(version.number)}
       provider-name={quoteattr(listing.publisher.name)}>
  <requires>{_requires(listing.details["point"])}
  </requires>
  {_extension(listing)}
  <extension point="xbmc.addon.metadata">
    <summary lang="en_GB">{escape(listing.summary)}</summary>
    <description lang="en_GB">{escape(listing.description)}</description>
    <news>{escape(version.news)}</news>
    <license>{escape(listing.license)}</license>
    <platform>all</platform>
    <website>https://{listing.publisher.slug}.example/{listing.identifier}</website>
    <source>https://code.example/{listing.publisher.slug}/{listing.identifier}</source>
    <assets>{assets}
    </assets>
  </extension>
</addon>
"""


def _role(path: str) -> str:
    return path.removeprefix("resources/").partition(".")[0].partition("-")[0]


def _requires(point: str) -> str:
    if point == "web":
        return ""
    needed = {PYTHON: "3.0.0"} | ({TIDEWORDS: "1.2.0"} if point in SPLITTING else {})
    return "".join(f'\n    <import addon="{name}" version="{version}"/>' for name, version in needed.items())


def _extension(listing: Listing) -> str:
    point = listing.details["point"]
    if point == "web":
        return '<extension point="xbmc.webinterface" entry="index.html"/>'
    if point == "module":
        return '<extension point="xbmc.python.module" library="lib"/>'
    if point == "context":
        menu = MENU.format(name=escape(listing.name))
        return (
            '<extension point="kodi.context.item"><menu id="kodi.core.main">'
            f"{menu.replace('<item>', '<item library=' + quoteattr('main.py') + '>')}</menu></extension>"
        )
    name, inside = POINTS[point]
    return f'<extension point="{name}" library="main.py">{inside}</extension>'


def _code(listing: Listing, version: Version) -> dict[str, str]:
    if listing.details["point"] == "web":
        title = escape(listing.name)
        return {"index.html": f"<!doctype html>\n<title>{title}</title>\n<h1>{title} {version.number}</h1>\n"}
    if listing.details["point"] == "module":
        return {"lib/tidewords.py": f'"""{listing.summary}."""\n\nVERSION = "{version.number}"\n'}
    return {
        "main.py": f'"""{listing.summary}."""\n\nfrom resources.lib import screen\n\nscreen.show()\n',
        "resources/lib/__init__.py": "",
        "resources/lib/screen.py": f'"""{listing.name} {version.number}."""\n\n\ndef show():\n    pass\n',
    }
