"""Kodi: add-ons as zips with an addon.xml, and the repository that Kodi reads."""
