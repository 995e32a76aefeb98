"""Whether each part that Marquee needs is there."""
