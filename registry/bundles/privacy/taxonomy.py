"""The words of a privacy declaration: what data, what for, to whom, on which basis."""

DATA = (
    "library", "fingerprint", "media", "watch", "search", "profile", "household", "credential", "app_id",
    "network", "location", "server", "diagnostics", "social", "payment",
)  # fmt: skip
PURPOSES = (
    "function", "match", "personalise", "analytics", "diagnose", "advertise", "partner_fees", "social_post",
    "security_account",
)  # fmt: skip
RECIPIENTS = ("user_set", "developer", "named_service", "ad_analytics", "media_vendor", "public")
BASES = ("required", "opt_in", "opt_out")
LINKED = ("no", "pseudonymous", "yes")
TRANSIT = ("tls", "plain")
#: How finely a place is told; said of the code LOCATION alone.
PRECISION = ("city", "finer")
LOCATION = "location"
CHILDREN = ("safe", "not_for", "unknown")
#: What code can do; beside these stand Android's own names of permissions.
CAPABILITIES = (
    "exec", "evaluates_code", "runs_downloaded_code", "updates_itself", "unpacks", "installs_addons",
    "listens", "elevated", "sandbox_off", "native_code",
)  # fmt: skip
NO_DELETION = "none"
UNKNOWN_RETENTION = "unknown"
LONGEST_RETENTION_DAYS = 36_500
