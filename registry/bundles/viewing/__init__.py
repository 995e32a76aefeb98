"""One file of a bundle for people's eyes: a part of its lines, or how they differ from another bundle's.

Pure, and for strangers' files only through :mod:`registry.bundles.viewing.asking`, in a closed child.
"""
