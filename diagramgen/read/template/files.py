"""The files around a template: other inputs, and what lies beside it. Here links are followed.

A link is a relative path, or a URI that ends in one: the file is looked for beside the template that links it and
beside the first one, among the inputs and on the disk.
https://learn.microsoft.com/azure/azure-resource-manager/templates/linked-templates#linked-template
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from diagramgen.diagnostics import InputError
from diagramgen.located import Place
from diagramgen.read.context import Context
from diagramgen.read.documents import Json, parse_documents
from diagramgen.read.inputs import Source
from diagramgen.read.relaxed import relaxed
from diagramgen.read.template.claims import is_parameters, template_in
from diagramgen.read.template.targets import text_of
from diagramgen.read.template.values import Unknown, Value, joined
from diagramgen.read.text import decode

_MARK = re.compile(r"\{[^{}]*\}")
_MARK_AT_END = re.compile(r"\{[^{}]*\}$")
_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_NAME = re.compile(r"\b(variables|parameters)\(\s*'([^']+)'\s*\)", re.IGNORECASE)
_COMMON = frozenset({"azuredeploy.json", "maintemplate.json", "template.json", "main.json", "deploy.json"})
"""Names that every second template has: not enough to tell which one a URI means."""
_LONGEST_WAY = 30

_BASE = Unknown("{templateLink}", "it is known when the template is deployed", "string", "templateLink")


class Linked(NamedTuple):
    """A template, where it stands, and the URI that links it; None where it is written in its deployment."""

    template: Mapping[str, Any]
    place: Place
    uri: Value


class Files:
    """What is around the template that was read from `root`. `used` are the inputs that were linked."""

    def __init__(self, context: Context, root: str, packed: Mapping[str, Linked] | None = None) -> None:
        self.context = context
        self.root = root
        self.packed = packed or {}
        self.used: set[str] = set()
        self._parsed: dict[str, tuple[Json, ...]] = {}

    def linked_template(self, source: str, relative: Value, uri: Value, words: list[str]) -> Linked | None:
        """The template that a link means, seen from the file `source`."""
        for path in _paths(relative, uri, words):
            link = uri if uri else joined([_BASE, "/", path])
            if path in self.packed:
                return self.packed[path]._replace(uri=link)
            for name, document, index in self._documents(source, path):
                found = template_in(document)
                if found is not None and name not in (source, self.root):
                    self.used.add(name)
                    place = Place(name, found.path, index)
                    return Linked(found.template, place, link)
        return None

    def linked_parameters(
        self, source: str, relative: Value, uri: Value, words: list[str]
    ) -> tuple[Json, Place] | None:
        """The parameter file that a link means."""
        for path in _paths(relative, uri, words):
            for name, document, index in self._documents(source, path):
                if is_parameters(document):
                    self.used.add(name)
                    return document, Place(name, document=index)
        return None

    def beside(self, path: str) -> tuple[Json, Place] | None:
        """The parameter file of this name beside the first template."""
        for name, document, index in self._documents(self.root, path):
            if is_parameters(document):
                return document, Place(name, document=index)
        return None

    def _documents(self, source: str, path: str) -> Iterator[tuple[str, Json, int]]:
        """The documents of the files that may be meant, the most likely first."""
        for name in self._inputs(source, path):
            for index, document in enumerate(self.context.documents[name]):
                yield name, document, index
        for base in dict.fromkeys((source, self.root)):
            found = self.context.options.find_beside(base, path)
            if found is not None:
                for index, document in enumerate(self._read(found)):
                    yield found.name, document, index
                return

    def _inputs(self, source: str, path: str) -> list[str]:
        names = {_normal(name): name for name in self.context.documents}
        for base in (source, self.root):
            exact = _normal(posixpath.join(posixpath.dirname(base.replace("\\", "/")), path))
            if exact in names:
                return [names[exact]]
        ending = "/" + _normal(path).lstrip("./")
        found = [name for normal, name in names.items() if ("/" + normal).endswith(ending)]
        return found if len(found) == 1 else []

    def _read(self, source: Source) -> tuple[Json, ...]:
        """The documents of a file that is no input; none where it is broken."""
        if source.name not in self._parsed:
            try:
                text = decode(source.name, source.data)
                try:
                    self._parsed[source.name] = parse_documents(source.name, text)
                except InputError:
                    self._parsed[source.name] = parse_documents(source.name, relaxed(text))
            except InputError:
                self._parsed[source.name] = ()
        return self._parsed[source.name]


def words_of(link: Json, template: Mapping[str, Any]) -> list[str]:
    """Texts in an expression, and in the variables and defaults that it names, that look like the path of a file: what
    is left of a link whose beginning is not known.

    >>> words_of("[uri(parameters('base'), 'nested/vnet.json')]", {})
    ['nested/vnet.json']
    """
    texts = [value for value in link.values() if isinstance(value, str)] if isinstance(link, dict) else [link]
    seen: set[str] = set()
    found: dict[str, None] = {}
    for _ in range(_LONGEST_WAY):
        if not texts:
            break
        text = texts.pop(0)
        if not isinstance(text, str) or not text.startswith("["):
            continue
        for literal in _LITERAL.findall(text):
            path = literal.partition("?")[0].lstrip("/")
            if path.lower().endswith(".json") and posixpath.basename(path).lower() != ".json":
                found.setdefault(path)
        for section, name in _NAME.findall(text):
            if (section + name).lower() not in seen:
                seen.add((section + name).lower())
                texts.append(_written(template, section.lower(), name))
    return list(found)


def _written(template: Mapping[str, Any], section: str, name: str) -> Any:
    """What a template writes behind the name of a variable, or as the default of a parameter."""
    members = template.get(section)
    for key, value in members.items() if isinstance(members, dict) else ():
        if key.lower() == name.lower():
            return value.get("defaultValue") if section == "parameters" and isinstance(value, dict) else value
    return None


def _paths(relative: Value, uri: Value, words: list[str]) -> list[str]:
    """The relative paths that a link may mean, the most telling first."""
    if isinstance(relative, str) and relative:
        return [relative]
    found: dict[str, None] = {}
    text = text_of(uri).partition("?")[0].partition("#")[0]
    while found_mark := _MARK_AT_END.search(text):
        text = text[: found_mark.start()].partition("?")[0]
    known = _MARK.split(text)[-1]
    is_rooted = known != text or "://" in known
    steps = (
        [step for step in known.partition("://")[2].split("/")[1:] if step]
        if "://" in known
        else known.split("/")
    )
    steps = [step for step in steps if step]
    for length in range(min(3, len(steps)), 0, -1):
        path = "/".join(steps[-length:])
        if length == 1 and len(steps) > 1 and is_rooted and path.lower() in _COMMON:
            continue
        found.setdefault(path)
    ends = [posixpath.basename(word) for word in words]
    return list(found | dict.fromkeys(words) | {end: None for end in ends if end.lower() not in _COMMON})


def _normal(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/")).lower()
