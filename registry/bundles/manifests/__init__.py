"""Strict, bounded parsers of the manifest languages: XML, plist, YAML, JSON, TOML, key=value."""
