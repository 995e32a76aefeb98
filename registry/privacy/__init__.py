"""Privacy of releases: what was declared, found and set by reviewers, and the notice that follows."""
