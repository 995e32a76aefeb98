"""Opening what strangers upload: strict, bounded, never unpacked to disk."""
