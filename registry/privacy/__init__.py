"""Privacy of releases: what makers declared, what was found, what reviewers set, and the notice that follows."""
