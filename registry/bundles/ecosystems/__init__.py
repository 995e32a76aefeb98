"""The table of ecosystems. Adding a media server is one line here."""
