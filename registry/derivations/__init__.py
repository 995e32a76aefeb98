"""Releases that are made from another release, as far as its license lets one."""
