"""Which data is read and what a bundle can do, by the names in each server's own interface.

Rows: code, pattern, source. Data by the interfaces of Kodi (Python API, JSON-RPC), Plex (Framework, HTTP
API), Jellyfin (controller assemblies), Stash (GraphQL); capabilities by the languages' own functions.
"""

from typing import NamedTuple

KODI = "kodi.wiki: JSON-RPC API, Python API (2026-11)"
PLEX = "Plex Plug-in Framework; python-plexapi's documentation (2026-11)"
JELLYFIN = "MediaBrowser.Controller, MediaBrowser.Model (2026-11)"
STASH = "stashapp/stash: graphql/schema (2026-11)"
LANGUAGE = "documentation of the language (2026-11)"


class Signature(NamedTuple):
    """A row: what it stands for, what gives it away, and where that is documented."""

    code: str
    pattern: str
    source: str


DATA = (
    Signature("library", r"\b(?:Video|Audio)Library\.(?:Get|Export|Scan)\w+|\bFiles\.GetDirectory\b|"
              r"\bListItem\.(?:FileName\w*|Path|Title|DBID)\b|\bgetVideoInfoTag\b|\bxbmcvfs\.listdir\b|"
              r"\bMyVideos\d+\.db\b|getPlayingFile\b", KODI),
    Signature("library", r"/library/(?:sections|metadata|all)\b|\bMedia\.(?:TV_Show|Movies|Clips|"
        r"TreeForDatabase)\b|"
              r"\bmedia\.(?:items|primary_metadata|seasons)\b|\bcom\.plexapp\.plugins\.library\b|"
              r"\bcls\.SearchResults\b", PLEX),
    Signature("library", r"\bILibraryManager\b|\bIProviderManager\b|\bBaseItem(?:Dto)?\b|\bGetItemList\b|"
              r"\bIItemRepository\b|\bIHasLookupInfo\b|\b(?:Movie|Series|Episode)Info\b", JELLYFIN),
    Signature("library", r"\bfind(?:Scene|Performer|Galler(?:y|ie)|Image|Studio|Tag|Group|Movie)s?\b|"
        r"\ballScenes\b",
              STASH),
    Signature("fingerprint", r"\bIMediaEncoder\b.{0,40}Fingerprint|\bacoustid\b|\bfpcalc\b|\bchromaprint\b|"
              r"\bphash\b|\boshash\b|\bhashFile\b|\bhashfile\b|OpenSubtitlesHash|\bOpenSubHash\w*|"
              r"\bmoviehash\b", LANGUAGE),
    Signature("watch", r"\bPlayer\.(?:GetItem|GetProperties|OnPlay|OnStop)\b|\bonPlayBack(?:Started|"
        r"Stopped|Ended)\b|"
              r"\bonAVStarted\b|\b(?:playcount|lastplayed|resume|userrating)\b[\"']|\bSet(?:Movie|"
              r"Episode)Details\b|"
              r"\bxbmc\.Player\b|\bgetPlayCount\b", KODI),
    Signature("watch", r"/(?:status/sessions|:/scrobble|:/unscrobble|:/rate|:/progress|:/timeline)\b|"
        r"\bviewCount\b|"
              r"\bviewOffset\b|\blastViewedAt\b", PLEX),
    Signature("watch", r"\bISessionManager\b|\bIUserDataManager\b|\bPlayback(?:Start|Stopped|Progress)\b|"
              r"\bUserItemData(?:Dto)?\b|\bIActivityManager\b", JELLYFIN),
    Signature("watch", r"\b(?:sceneIncrementPlayCount|sceneAddPlay|sceneSaveActivity|play_count|"
        r"o_counter|resume_time)\b",
              STASH),
    Signature("search", r"\bDialog\(\)\.input\b|\bxbmc\.Keyboard\b|\bInputDirectoryObject\b|"
        r"\bSearchDirectoryObject\b", KODI),
    Signature("profile", r"\bIUserManager\b|\bUserDto\b|\bUser\.Username\b|\bSystem\.ProfileName\b|"
              r"plex\.tv/(?:api/v2/user|users/account)\b|\bmyPlexAccount\b", JELLYFIN),
    Signature("household", r"\bApiClient\.get(?:Public)?Users\(", "jellyfin-apiclient-javascript (2026-11)"),
    Signature("household", r"plex\.tv/(?:api/)?(?:v2/)?(?:home/users|friends)|/api/home/users\b|"
              r"\bMaxParentalRating\w*|\bProfiles\.GetProfiles\b", PLEX),
    Signature("credential", r"\bPLEXTOKEN\b|\bX-Plex-Token\b|\bPlexOnlineToken\b|\bmyPlexAccessToken\b|"
              r"plex\.tv/users/sign_in", PLEX),
    Signature("credential", r"\bIAuthenticationManager\b|\bX-Emby-(?:Token|Authorization)\b|"
        r"\bMediaBrowser Token=|\bApiClient\.accessToken\(|"
              r"\bAccessToken\b", JELLYFIN),
    Signature("credential", r"getSetting(?:String)?\([\"'][\w.]*(?:password|passwd|passphrase|token|"
        r"secret|api_?key)"
              r"[\w.]*[\"']|\bPrefs\[[\"'][\w.]*(?:password|passwd|token|secret|api_?key)[\w.]*[\"']\]|"
              r"(?:server_connection|[\"']SessionCookie[\"'])", KODI),
    Signature("app_id", r"\buuid\.getnode\b|\bNetwork\.MacAddress\b|/etc/machine-id\b|"
        r"\bmachineIdentifier\b|"
              r"\bX-Plex-Client-Identifier\b|\bSystem\.SerialNumber\b|\bMachineGuid\b|\bANDROID_ID\b|"
              r"\bandroid_id\b|"
              r"\bSystemId\b|\bGetAllNetworkInterfaces\b|\bPlatform\.MachineIdentifier\b", LANGUAGE),
    Signature("server", r"\bSystem\.(?:BuildVersion|FriendlyName|OSVersionInfo|HddTemp|Memory)\b|"
              r"\bApplication\.GetProperties\b|\bAddons\.GetAddons\b|\bgetInfoLabel\([\"']System\.|"
              r"\bXBMC\.GetInfoLabels\b", KODI),
    Signature("server", r"\bIServerApplicationHost\b|\bIServerConfigurationManager\b|\bSystemInfo\b|"
        r"\bPlatform\.OS\b|"
              r"\bPlatform\.ServerVersion\b|\bplatform\.(?:uname|platform|system|release|machine)\(|"
              r"\bos\.uname\(|\bsysteminfo\b", JELLYFIN),
    Signature("diagnostics", r"\bkodi\.log\b|\bxbmc\.log\b[\"']|\bkodi\.old\.log\b|\bPlex Media "
        r"Server\.log\b|"
              r"\bspecial://logpath\b", KODI),
    Signature("network", r"\bNetwork\.(?:IPAddress|GatewayAddress|DNS\d+Address|SubnetMask)\b|"
        r"\bgethostname\(|"
              r"\bNetwork\.(?:Address|Hostname|PublicAddress)\b", KODI),
    Signature("location", r"\b(?:ip-api\.com|ipinfo\.io|freegeoip\.\w+|ipapi\.co|ipstack\.com|geoip|"
        r"geolocation|"
              r"getCurrentPosition|ACCESS_(?:FINE|COARSE)_LOCATION)\b", LANGUAGE),
    Signature("payment", r"\bapi\.stripe\.com\b|\bpaypal\.com/cgi-bin\b|\bBillingClient\b", LANGUAGE),
)  # fmt: skip

CAPABILITIES = (
    Signature("exec", r"\bsubprocess\.\w+\(|\bos\.(?:system|popen|exec[lv]\w*|spawn\w+)\(|"
        r"\bpopen[234]?\.\w+\(|"
              r"\bPopen\(|\bchild_process\b|\bSystem\.exec\b|"
              r"\bxbmc\.executebuiltin\([\"'](?:System\.Exec|RunApp)|"
              r"\bProcessStartInfo\b|\bDiagnostics\.Process\b|\bos\.execute\(|\bio\.popen\(|"
              r"Ljava/lang/ProcessBuilder;|"
              r"\bHelper\.Run\(", LANGUAGE),
    Signature("evaluates_code", r"(?<![\w.])(?:eval|exec)\([^)\"'\n]|(?<![\w.])execfile\(|"
        r"\bmarshal\.loads\(|"
              r"\bimp\.load_source\(|\bnew Function\(|\bAssembly\.Load(?:From|File)?\b|\bCSharpScript\b|"
              r"Ldalvik/system/DexClassLoader;|(?<![\w.])exec[ \t]+[a-z_]\w*[ \t]*(?:in\b|$)|"
              r"\bloadstring\(|"
              r"(?<![\w.])compile\([^)\n]*[\"']exec[\"']", LANGUAGE),
    Signature("native_code", r"\bctypes\.(?:CDLL|cdll|WinDLL|windll|util)\b|\bDllImportAttribute\b|"
        r"\bffi\.dlopen\(|"
              r"\bSystem\.loadLibrary\b", LANGUAGE),
    Signature("elevated", r"\bsudo[ \t]+-?\w|[\"']sudo[\"']|\brunas\b[\"']|\bpkexec\b|"
        r"\bShellExecute\w*\([^)]*runas", LANGUAGE),
    Signature("installs_addons", r"\bInstallAddon\(|\bInstallFromZip\b|\bUpdateLocalAddons\b|"
        r"\bAddons\.SetAddonEnabled\b|"
              r"\bIInstallationManager\b|\binstallPackages\b", KODI),
    Signature("listens", r"\b(?:HTTPServer|TCPServer|ThreadingHTTPServer|SimpleHTTPRequestHandler)\(|"
              r"\bHttpListener\b|\.bind\(\(", LANGUAGE),
    Signature("unpacks", r"\bextractall\(|\bExtract\([^)\n]*\)|\bArchive\.ZipFromURL\b|"
        r"\bZipFile\.ExtractToDirectory\b|"
              r"\bxbmc\.executebuiltin\([\"'](?:XBMC\.)?Extract|\bunpack_archive\(|"
              r"\bArchive\.Zip\(", LANGUAGE),
    Signature("runs_downloaded_code", r"\b(?:curl|wget)\b[^\n|;]{0,300}\|[ \t]*(?:sudo[ \t]+)?"
        r"(?:(?:ba|z|da)?sh|python[23]?|node)\b|"
        r"[\"']pip3?[\"'], ?[\"']install[\"']|"
        r"(?:DownloadString|Invoke-WebRequest|Invoke-RestMethod|\biwr|\birm)\b[^\n]{0,200}"
        r"\|[ \t]*(?:iex|Invoke-Expression)\b|"
        r"(?:system|popen|Popen|run|call)\([\"'][^\"'\n]{0,80}\bpip3? install\b", LANGUAGE),
    Signature("updates_itself", r"\bPlexPluginVersionUrl\b|(?:archive/(?:refs/heads/)?(?:master|"
        r"main)\.zip|/zipball\b|"
              r"\breleases/latest\b|\bextractall\([^\n]{0,100}(?:getAddonInfo\([\"']path|special://home/addons)|"
        r"\bCore\.storage\.(?:save|write|copy|rename)\w*\([^\n]{0,150}(?:bundle_path|[Pp]lug-?[Ii]ns)|"
        r"\bself_?update\w*\(|\bupdate_self\w*\(|\binstall_?update\w*\()", PLEX),
)  # fmt: skip
