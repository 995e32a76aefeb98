"""Signatures of telemetry kits (E3): a package that is imported, an assembly, a script, an identifier.

Rows are common knowledge of each kit's public names, written down on the day beside them; ``source`` says
where to check. A signature says that the kit is built in, not that it sends anything.
"""

from typing import NamedTuple


class Kit(NamedTuple):
    """A row: the kit, the host it reports to by default, what gives it away, source and date."""

    name: str
    host: str
    pattern: str
    source: str
    date: str = "2026-11-30"


def _python(*names: str) -> str:
    return rf"^[ \t]*(?:import|from)[ \t]+(?:{'|'.join(names)})\b"


def _script(*names: str) -> str:
    return rf"(?:require\(|from|import)[ \t]*[\"'](?:{'|'.join(names)})[\"']"


KITS = (
    Kit("Sentry", "sentry.io", _python("sentry_sdk", "raven"), "docs.sentry.io/platforms/python"),
    Kit("Sentry", "sentry.io", _script("@sentry/[a-z-]+", "raven-js"), "docs.sentry.io/platforms/javascript"),
    Kit("Sentry", "sentry.io", r"\bSentrySdk\b|\bSharpRaven\b|"
        r"Lio/sentry/", "docs.sentry.io/platforms/dotnet"),
    Kit("Sentry", "sentry.io", r"https?://[0-9a-f]{32}(?::[0-9a-f]{32})?@[\w.-]+/\d+", "docs.sentry.io: "
        "DSN"),
    Kit("Bugsnag", "notify.bugsnag.com", _python("bugsnag"), "docs.bugsnag.com/platforms/python"),
    Kit("Bugsnag", "notify.bugsnag.com", _script("@bugsnag/[a-z-]+") + r"|"
        r"Lcom/bugsnag/", "docs.bugsnag.com"),
    Kit("Rollbar", "api.rollbar.com", _python("rollbar") + "|" + _script("rollbar"), "docs.rollbar.com"),
    Kit("Mixpanel", "api.mixpanel.com", _python("mixpanel") + "|" + _script("mixpanel(?:-browser)?"),
        "docs.mixpanel.com"),
    Kit("Mixpanel", "api.mixpanel.com", r"\bmixpanel\.(?:init|track)\(|"
        r"Lcom/mixpanel/", "docs.mixpanel.com"),
    Kit("PostHog", "app.posthog.com", _python("posthog") + "|" + _script("posthog-(?:js|node)")
        + r"|\bposthog\.(?:init|capture)\(", "posthog.com/docs/libraries"),
    Kit("Segment", "api.segment.io", _python(r"analytics\.client", r"segment\.analytics") + "|"
        + _script("@segment/analytics-[a-z]+", "analytics-node"), "segment.com/docs/connections/sources"),
    Kit("Amplitude", "api2.amplitude.com", _python("amplitude") + "|" + _script("@amplitude/[a-z-]+")
        + r"|Lcom/amplitude/", "amplitude.com/docs/sdks"),
    Kit("Datadog", "datadoghq.com", _python("ddtrace", "datadog") + "|" + _script("@datadog/[a-z-]+"),
        "docs.datadoghq.com"),
    Kit("New Relic", "newrelic.com", _python(r"newrelic\.agent", "newrelic") + "|" + _script("newrelic"),
        "docs.newrelic.com"),
    Kit("Google Analytics", "www.google-analytics.com",
        r"[\"'](?:UA-\d{4,10}-\d{1,4}|G-[A-Z0-9]{8,12})[\"']|\bgtag\([\"'](?:config|event)|"
        r"\bga\([\"'](?:create|send)",
        "developers.google.com/analytics/devguides/collection"),
    Kit("Google Analytics", "www.google-analytics.com",
        _python("pyga", r"pyga\.\w+", "GoogleAnalytics", "UniversalAnalytics", "google_measurement_protocol"),
        "pypi.org/project/pyga"),
    Kit("Google Analytics", "www.google-analytics.com", r"[?&]tid=UA-\d{4,10}-\d|"
        r"google-analytics\.com/(?:mp/)?collect",
        "developers.google.com/analytics/devguides/collection/protocol/v1"),
    Kit("Firebase Analytics", "app-measurement.com", r"Lcom/google/(?:firebase/analytics|"
        r"android/gms/measurement)/",
        "firebase.google.com/docs/analytics"),
    Kit("Firebase Crashlytics", "firebaselogging-pa.googleapis.com",
        r"Lcom/google/firebase/crashlytics/|Lcom/crashlytics/",
        "firebase.google.com/docs/crashlytics"),
    Kit("Application Insights", "dc.services.visualstudio.com", r"\bMicrosoft\.ApplicationInsights\b|"
        + _python("applicationinsights", r"opencensus\.ext\.azure", r"azure\.monitor"),
        "learn.microsoft.com/azure/azure-monitor/app"),
    Kit("App Center", "in.appcenter.ms", r"\bMicrosoft\.AppCenter\b|Lcom/microsoft/appcenter/",
        "learn.microsoft.com/appcenter/sdk"),
    Kit("Matomo", "matomo.cloud", _python("piwikapi", "piwik_api", "matomo_api")
        + r"|\b_paq\.push\(|[\"'/](?:matomo|piwik)\.(?:js|php)\b", "developer.matomo.org"),
    Kit("Plausible", "plausible.io", r"plausible\.io/(?:js|api)/", "plausible.io/docs"),
    Kit("Hotjar", "static.hotjar.com", r"static\.hotjar\.com|\b_hjSettings\b", "help.hotjar.com"),
    Kit("Clarity", "www.clarity.ms", r"clarity\.ms/tag/", "learn.microsoft.com/clarity"),
    Kit("Meta Pixel", "connect.facebook.net", r"\bfbq\([\"'](?:init|track)|Lcom/facebook/appevents/",
        "developers.facebook.com/docs/meta-pixel"),
    Kit("AppsFlyer", "appsflyer.com", r"Lcom/appsflyer/", "dev.appsflyer.com"),
    Kit("Adjust", "adjust.com", r"Lcom/adjust/sdk/", "dev.adjust.com"),
    Kit("Flurry", "flurry.com", r"Lcom/flurry/", "developer.yahoo.com/flurry"),
    Kit("Countly", "count.ly", _python("countly") + "|" + _script("countly-sdk-[a-z]+") + r"|"
        r"Lly/count/android/",
        "support.count.ly"),
    Kit("Raygun", "api.raygun.com", _python("raygun4py") + r"|"
        r"\bMindscape\.Raygun4Net\b", "raygun.com/documentation"),
)  # fmt: skip
