"""Client apps in the formats that are an archive with a manifest."""

import gzip
import json
from xml.sax.saxutils import escape, quoteattr

from registry.demo.bundling.archives import ar_of, encoded, license_file, tar_of, zip_of
from registry.demo.catalogue import Listing, Version
from registry.demo.pictures import fanart, icon


def make_ipk(listing: Listing, version: Version) -> bytes:
    """Make an IPK for LG webOS."""
    info = {
        "id": listing.identifier,
        "version": version.number,
        "type": "web",
        "main": "index.html",
        "title": listing.name,
        "appDescription": listing.summary,
        "vendor": listing.publisher.name,
        "icon": "icon.png",
    }
    folder = f"usr/palm/applications/{listing.identifier}"
    files: dict[str, str | bytes] = {
        f"{folder}/appinfo.json": json.dumps(info, indent=2),
        f"{folder}/index.html": _page(listing),
        f"{folder}/icon.png": _icon(listing),
    }
    control = f"Package: {listing.identifier}\nVersion: {version.number}\nArchitecture: all\n"
    return ar_of(
        {
            "debian-binary": b"2.0\n",
            "control.tar.gz": gzip.compress(tar_of({"./control": control}), mtime=0),
            "data.tar.gz": gzip.compress(tar_of(files), mtime=0),
        }
    )


def make_wgt(listing: Listing, version: Version) -> bytes:
    """Make a web app for Samsung's Tizen. It is not signed: the demonstration has no certificate."""
    config = f"""<?xml version="1.0" encoding="UTF-8"?>
<widget xmlns="http://www.w3.org/ns/widgets" xmlns:tizen="http://tizen.org/ns/widgets"
        id="https://{listing.publisher.slug}.example/{listing.name.lower()}" version="{version.number}">
  <tizen:application id={quoteattr(listing.identifier)} package="{listing.identifier.partition(".")[0]}"
                     required_version="4.0"/>
  <name>{escape(listing.name)}</name>
  <description>{escape(listing.description)}</description>
  <author href="https://{listing.publisher.slug}.example/">{escape(listing.publisher.name)}</author>
  <license>{escape(listing.license)}</license>
  <icon src="icon.png"/>
  <content src="index.html"/>
  <tizen:profile name="tv"/>
</widget>
"""
    return zip_of({"config.xml": config, "index.html": _page(listing), "icon.png": _icon(listing)})


def make_roku(listing: Listing, version: Version) -> bytes:
    """Make a Roku channel; its manifest has no place for an identifier or a license."""
    major, minor, build = version.number.split(".")
    manifest = {
        "title": listing.name,
        "major_version": major,
        "minor_version": minor,
        "build_version": build,
        "mm_icon_focus_hd": "pkg:/images/icon.png",
        "splash_screen_hd": "pkg:/images/splash.jpg",
        "ui_resolutions": "hd",
    }
    return zip_of(
        {
            "manifest": "".join(f"{key}={value}\n" for key, value in manifest.items()),
            "source/main.brs": f"' {listing.name}\nsub main()\nend sub\n",
            "images/icon.png": _icon(listing),
            "images/splash.jpg": fanart(listing.look, listing.identifier),
        }
    )


def make_metainfo(listing: Listing, version: Version) -> bytes:
    """Make the AppStream metainfo that stands for a Flatpak; AppImages carry the same."""
    return encoded(f"""<?xml version="1.0" encoding="UTF-8"?>
<component type="desktop-application">
  <id>{listing.identifier}</id>
  <name>{escape(listing.name)}</name>
  <summary>{escape(listing.summary)}</summary>
  <metadata_license>CC0-1.0</metadata_license>
  <project_license>{escape(listing.license)}</project_license>
  <developer id="example.{listing.publisher.slug}"><name>{escape(listing.publisher.name)}</name></developer>
  <description><p>{escape(listing.description)}</p></description>
  <launchable type="desktop-id">{listing.identifier}.desktop</launchable>
  <url type="homepage">https://{listing.publisher.slug}.example/{listing.name.lower()}</url>
  <content_rating type="oars-1.1"/>
  <releases>
    <release version="{version.number}" date="2026-01-01">
      <description><p>{escape(version.news)}</p></description>
    </release>
  </releases>
</component>
""")


def make_plain(listing: Listing, version: Version) -> bytes:
    """Make an archive that only a marquee.toml describes."""
    said = {
        "id": listing.identifier,
        "version": version.number,
        "name": listing.name,
        "kind": "client",
        "license": listing.license,
        "source": f"https://code.example/{listing.publisher.slug}/{listing.identifier}",
    }
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in said.items()]
    return zip_of(
        {
            "marquee.toml": "".join([*lines, 'platforms = ["linux", "web"]\n']),
            "index.html": _page(listing),
            "LICENSE": license_file(listing.license),
        }
    )


def _page(listing: Listing) -> str:
    title = escape(listing.name)
    return f"<!doctype html>\n<title>{title}</title>\n<h1>{title}</h1>\n<p>{escape(listing.summary)}</p>\n"


def _icon(listing: Listing) -> bytes:
    return icon(listing.look, listing.identifier)
