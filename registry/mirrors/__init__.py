"""What other registries and clubs' servers may copy, and how they hear of each change."""
