"""Marquee's Flask application, one package a domain."""
