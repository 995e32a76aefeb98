"""What files say about their license: texts, tags, headers and notices, every word accounted for."""
