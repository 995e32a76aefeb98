"""What files say about their license: texts, tags, headers and notices, every word accounted for."""

from licenses.detection.bundles import BundleDetection, Part, detect_files
from licenses.detection.files import detect_file, detect_text
from licenses.detection.report import FileDetection, Match

__all__ = [
    "BundleDetection",
    "FileDetection",
    "Match",
    "Part",
    "detect_file",
    "detect_files",
    "detect_text",
]
