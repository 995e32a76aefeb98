"""Which license a release has, by which evidence, and on what basis copies of it may be conveyed."""
