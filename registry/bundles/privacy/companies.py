"""Whose a host is and what it does there: our own table.

Rows are common knowledge of hosts that add-ons of media servers name, written down on the day that each
carries; none was checked against its owner's site, so a row is a hint for people and decides nothing. The
longest ending that fits wins.
"""

from typing import NamedTuple

WRITTEN_ON = "2026-11-30"
SOURCE = "own list"


class Company(NamedTuple):
    """A row: the company, its role, where the row is from and the day it was made."""

    company: str
    role: str
    source: str = SOURCE
    date: str = WRITTEN_ON


AD_ANALYTICS = "ad_analytics"
_ROWS = {
    "metadata": {
        "TMDB": "themoviedb.org tmdb.org",
        "TheTVDB": "thetvdb.com",
        "fanart.tv": "fanart.tv",
        "IMDb (Amazon)": "imdb.com media-imdb.com",
        "OMDb": "omdbapi.com",
        "MusicBrainz": "musicbrainz.org coverartarchive.org",
        "TheAudioDB": "theaudiodb.com",
        "Discogs": "discogs.com",
        "AllMusic": "allmusic.com",
        "Wikimedia": "wikipedia.org wikidata.org wikimedia.org",
        "AniDB": "anidb.net",
        "AniList": "anilist.co",
        "MyAnimeList": "myanimelist.net",
        "Kitsu": "kitsu.io kitsu.app",
        "TVmaze": "tvmaze.com",
        "MDBList": "mdblist.com",
        "Filmweb": "filmweb.pl",
        "MovieMeter": "moviemeter.nl",
        "Audible (Amazon)": "audible.com audible.de audible.fr audible.it audible.ca audible.co.uk "
        "audible.com.au",
        "Audnexus": "audnex.us",
        "Television Tunes": "televisiontunes.com",
    },
    "scrobbling": {
        "Trakt": "trakt.tv",
        "Last.fm (Paramount)": "last.fm audioscrobbler.com",
        "ListenBrainz (MetaBrainz)": "listenbrainz.org",
        "Simkl": "simkl.com",
        "Letterboxd": "letterboxd.com",
    },
    "subtitles": {
        "OpenSubtitles": "opensubtitles.org opensubtitles.com",
        "Podnapisi": "podnapisi.net",
        "Addic7ed": "addic7ed.com",
        "Subscene": "subscene.com",
        "SubDL": "subdl.com",
        "SubSource": "subsource.net",
        "TVsubtitles": "tvsubtitles.net",
        "Napiprojekt": "napiprojekt.pl",
        "BSPlayer": "bsplayer-subtitles.com",
        "Titlovi": "titlovi.com",
        "Legendas": "legendas.tv",
        "Argenteam": "argenteam.net",
        "Assrt": "assrt.net",
        "Wizdom": "wizdom.xyz",
        "Gestdown": "gestdown.info",
    },
    "media_vendor": {
        "Plex": "plex.tv plexapp.com plex.direct tadata.me",
        "Kodi": "kodi.tv xbmc.org",
        "Jellyfin": "jellyfin.org",
        "Emby": "emby.media",
        "Stash": "stashapp.cc stashdb.org",
    },
    "video": {
        "YouTube (Google)": "youtube.com youtu.be ytimg.com googlevideo.com youtube-nocookie.com",
        "Vimeo": "vimeo.com vimeocdn.com",
        "Dailymotion": "dailymotion.com",
        "Twitch (Amazon)": "twitch.tv ttvnw.net jtvnw.net",
        "Crunchyroll (Sony)": "crunchyroll.com crunchyrollsvc.com",
        "VRT": "vrt.be",
        "NHK": "nhk.or.jp nhkworld.jp",
        "BBC": "bbc.co.uk bbci.co.uk",
        "SVT": "svtplay.se svt.se",
        "Netflix": "netflix.com",
        "SoundCloud": "soundcloud.com",
        "Spotify": "spotify.com",
        "SomaFM": "somafm.com",
        "TuneIn": "tunein.com",
        "Zattoo": "zattoo.com",
        "waipu.tv (Exaring)": "waipu.tv",
        "Teleboy": "teleboy.ch",
        "FilmOn": "filmon.com",
        "MediathekView": "mediathekview.de",
    },
    "code_hosting": {
        "GitHub (Microsoft)": "github.com githubusercontent.com github.io rawgit.com",
        "GitLab": "gitlab.com",
        "Bitbucket (Atlassian)": "bitbucket.org",
        "PyPI": "pypi.org pythonhosted.org",
        "npm (GitHub)": "npmjs.com npmjs.org unpkg.com",
    },
    "hosting": {
        "Google": "googleapis.com google.com gstatic.com",
        "Amazon": "amazonaws.com cloudfront.net",
        "Microsoft": "azurewebsites.net windows.net microsoft.com",
        "Cloudflare": "cloudflare.com workers.dev pages.dev",
        "Akamai": "akamaihd.net akamaized.net",
        "jsDelivr": "jsdelivr.net",
        "Fastly": "fastly.net",
        "Dropbox": "dropbox.com dropboxapi.com",
        "HDHomeRun (SiliconDust)": "hdhomerun.com",
    },
    "social": {
        "Meta": "facebook.com instagram.com",
        "X": "twitter.com x.com",
        "Discord": "discord.com discordapp.com discord.gg",
        "Telegram": "telegram.org t.me",
        "Reddit": "reddit.com",
        "Pushover": "pushover.net",
        "Pushbullet": "pushbullet.com",
        "Slack (Salesforce)": "slack.com",
    },
    "geolocation": {
        "ip-api": "ip-api.com",
        "ipinfo": "ipinfo.io",
        "ipify": "ipify.org",
        "FreeGeoIP (apilayer)": "freegeoip.net freegeoip.app ipstack.com ipapi.com",
        "MaxMind": "maxmind.com",
        "ipapi": "ipapi.co",
        "icanhazip (Cloudflare)": "icanhazip.com",
    },
    "payment": {"PayPal": "paypal.com", "Stripe": "stripe.com", "Patreon": "patreon.com"},
    AD_ANALYTICS: {
        "Google": "google-analytics.com googletagmanager.com doubleclick.net googlesyndication.com "
        "googleadservices.com app-measurement.com crashlytics.com firebaseinstallations.googleapis.com "
        "firebaselogging-pa.googleapis.com analytics.google.com",
        "Meta": "connect.facebook.net graph.facebook.com",
        "Sentry": "sentry.io sentry-cdn.com",
        "Bugsnag (SmartBear)": "bugsnag.com",
        "Rollbar": "rollbar.com",
        "Mixpanel": "mixpanel.com",
        "Segment (Twilio)": "segment.io segment.com",
        "Amplitude": "amplitude.com",
        "PostHog": "posthog.com",
        "Datadog": "datadoghq.com datadoghq.eu datadoghq-browser-agent.com",
        "New Relic": "newrelic.com nr-data.net",
        "Matomo": "matomo.cloud matomo.org",
        "Plausible": "plausible.io",
        "Umami": "umami.is",
        "Hotjar (Contentsquare)": "hotjar.com hotjar.io",
        "Microsoft": "clarity.ms applicationinsights.azure.com dc.services.visualstudio.com "
        "in.applicationinsights.azure.com appcenter.ms",
        "Countly": "count.ly",
        "Keen": "keen.io",
        "Flurry (Yahoo)": "flurry.com",
        "AppsFlyer": "appsflyer.com",
        "Adjust": "adjust.com",
        "Branch": "branch.io",
        "comScore": "scorecardresearch.com",
        "Chartbeat": "chartbeat.com chartbeat.net",
        "Yandex": "mc.yandex.ru metrika.yandex.ru appmetrica.yandex.com",
        "StatCounter": "statcounter.com",
        "Heap (Contentsquare)": "heapanalytics.com heap.io",
        "FullStory": "fullstory.com",
        "LogRocket": "logrocket.com logrocket.io",
        "Loggly (SolarWinds)": "loggly.com",
        "Raygun": "raygun.com raygun.io",
        "Snowplow": "snowplowanalytics.com",
        "OneSignal": "onesignal.com",
        "Criteo": "criteo.com criteo.net",
        "Taboola": "taboola.com",
        "Outbrain": "outbrain.com",
        "Unity": "unityads.unity3d.com",
        "AppLovin": "applovin.com applvn.com",
        "Aptabase": "aptabase.com",
        "TelemetryDeck": "telemetrydeck.com",
    },
}
COMPANIES = {
    host: Company(company, role)
    for role, companies in _ROWS.items()
    for company, hosts in companies.items()
    for host in hosts.split()
}


def company_of(host: str) -> Company | None:
    """Return the row of the longest ending of a host that the table has."""
    labels = host.removeprefix("*.").split(".")
    ends = (".".join(labels[at:]) for at in range(len(labels) - 1))
    return next((COMPANIES[end] for end in ends if end in COMPANIES), None)
