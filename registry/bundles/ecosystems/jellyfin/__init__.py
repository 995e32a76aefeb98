"""Jellyfin: plug-ins as zips of .NET assemblies, and the repository that servers read."""
