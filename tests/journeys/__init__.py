"""Stories through a whole running Marquee. A package, so that the one they share ends with the last of them."""
