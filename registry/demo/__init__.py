"""The demonstration: an invented catalogue, brought into a running Marquee through its public API alone."""
