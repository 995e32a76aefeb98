"""What files say about their license: texts, tags, headers and notices, every word accounted for."""

from licenses.detection.files import detect_file, detect_text
from licenses.detection.report import FileDetection, Match

__all__ = ["FileDetection", "Match", "detect_file", "detect_text"]
