"""YAML manifests: plain data only, scalars kept as they are written, and the line of each key."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from registry.bundles.findings import BundleRejected, rejected
from registry.bundles.limits import DEFAULT_LIMITS, Limits
from registry.bundles.manifests.parsed import KeyPath, Parsed, check_size, decode_utf8

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")


@dataclass(frozen=True)
class YamlDocument(Parsed[Any]):
    """``value`` has scalars resolved as YAML 1.2 does, ``text`` as written: ``1.10`` is ``"1.10"``.

    Empty and null are None in both.
    """

    text: Any = None


@dataclass(slots=True)
class _Node:
    """A node twice: as written and resolved, with the number of nodes it would be written out."""

    text: Any
    value: Any
    size: int = 1


def parse_yaml(
    content: bytes, *, path: str, aliases: bool = False, limits: Limits = DEFAULT_LIMITS
) -> YamlDocument:
    """Return the one document of a YAML file.

    ``aliases`` lets ``*name`` stand for what ``&name`` marked (real Stash scrapers do so), counted
    as if written out. Raises BundleRejected (``manifest.yaml``) with the line: aliases otherwise,
    tags, repeated keys, too deep, too many nodes, more than one document.
    """
    check_size(content, path, limits)
    reader = _Reader(decode_utf8(content, "manifest.yaml", path), path, limits, aliases=aliases)
    try:
        return reader.read()
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise reader.wrong(str(getattr(error, "problem", "") or "it cannot be read"), line) from None
    except (RecursionError, ValueError, OverflowError):
        raise reader.wrong("it cannot be read", reader.line) from None


class _Reader:
    """Builds nodes from parser events; never from tags, so no event can make an object."""

    def __init__(self, text: str, path: str, limits: Limits, *, aliases: bool) -> None:
        self._path = path
        self._limits = limits
        self._aliases = aliases
        self._events: Iterator[Event] = YAML(typ="safe", pure=True).parse(text)
        self._anchors: dict[str, _Node] = {}
        self._left = limits.manifest_nodes
        self._lines: dict[KeyPath, int] = {}
        self.line = 1

    def read(self) -> YamlDocument:
        node = _Node(None, None)
        documents = 0
        for event in self._events:
            self.line = event.start_mark.line + 1
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.wrong("it holds more than one document", self.line)
                node = self._node(self._next(), (), 1)
                self._expect_end()
        return YamlDocument(node.value, (), self._lines, node.text)

    def _expect_end(self) -> None:
        if not isinstance(self._next(), DocumentEndEvent):
            raise self.wrong("there is more after the end of the document", self.line)

    def _next(self) -> Event:
        event = next(self._events)
        self.line = event.start_mark.line + 1
        return event

    def _node(self, event: Event, where: KeyPath, depth: int) -> _Node:
        self._lines.setdefault(where, self.line)
        if isinstance(event, AliasEvent):
            return self._alias(event)
        if depth > self._limits.manifest_depth:
            raise self.wrong(f"it nests deeper than {self._limits.manifest_depth} levels", self.line)
        self._spend(1)
        self._refuse_tag(event)
        if isinstance(event, ScalarEvent):
            node = _scalar(event)
        elif isinstance(event, SequenceStartEvent):
            node = self._sequence(where, depth)
        else:
            node = self._mapping(where, depth)
        if anchor := getattr(event, "anchor", None):
            self._anchors[str(anchor)] = node
        return node

    def _refuse_tag(self, event: Event) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise self.wrong(f"the tag {str(tag)[:60]!r} is not plain data", self.line)

    def _spend(self, nodes: int) -> None:
        self._left -= nodes
        if self._left < 0:
            raise self.wrong(f"it holds more than {self._limits.manifest_nodes:,} values", self.line)

    def _alias(self, event: AliasEvent) -> _Node:
        name = str(event.anchor)
        if not self._aliases:
            raise self.wrong(f"the alias *{name[:40]} is not allowed here", self.line)
        node = self._anchors.get(name)
        if node is None:
            raise self.wrong(f"the alias *{name[:40]} stands for nothing before it", self.line)
        self._spend(node.size)
        return node

    def _sequence(self, where: KeyPath, depth: int) -> _Node:
        node = _Node([], [])
        while not isinstance(event := self._next(), SequenceEndEvent):
            item = self._node(event, (*where, len(node.text)), depth + 1)
            node.text.append(item.text)
            node.value.append(item.value)
            node.size += item.size
        return node

    def _mapping(self, where: KeyPath, depth: int) -> _Node:
        node = _Node({}, {})
        merged: list[_Node] = []
        while not isinstance(event := self._next(), MappingEndEvent):
            name = self._key(event, node)
            self._lines[(*where, name)] = self.line
            item = self._node(self._next(), (*where, name), depth + 1)
            node.size += item.size
            if name == "<<" and self._aliases and isinstance(item.value, dict):
                merged.append(item)
            else:
                node.text[name], node.value[name] = item.text, item.value
        for other in merged:
            node.text = {**other.text, **node.text}
            node.value = {**other.value, **node.value}
        return node

    def _key(self, event: Event, node: _Node) -> str:
        if not isinstance(event, ScalarEvent):
            raise self.wrong("a key must be text", self.line)
        self._spend(1)
        self._refuse_tag(event)
        name = str(event.value)
        if name in node.text:
            raise self.wrong(f"the key {name[:80]!r} is there twice", self.line)
        return name

    def wrong(self, why: str, line: int) -> BundleRejected:
        """Make the refusal of this file."""
        return rejected(
            "manifest.yaml",
            f"{self._path} cannot be used as YAML: {why} (line {line})",
            "Write plain keys and values, each key once, without tags and aliases.",
            path=self._path,
            line=line,
        )


def _scalar(event: ScalarEvent) -> _Node:
    text = str(event.value)
    if event.style is not None:
        return _Node(text, text)
    if text in _NULL:
        return _Node(None, None)
    return _Node(text, _resolved(text))


def _resolved(text: str) -> bool | int | float | str:
    if text in _BOOL:
        return _BOOL[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text
