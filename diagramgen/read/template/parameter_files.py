"""Parameter files, and single values from the command line: the values that a deployment gives to a template.

https://learn.microsoft.com/azure/azure-resource-manager/templates/parameter-files
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from diagramgen.located import Place
from diagramgen.read.documents import Json
from diagramgen.read.template.deployment import ABSENT, Given
from diagramgen.read.template.values import Unknown
from diagramgen.read.unknown import unknown

_NAMED = re.compile(r"(.*?)[._-](?:parameters?|params?)(?:[._-](.+))?\.jsonc?", re.IGNORECASE)

_PLACEHOLDER = re.compile(r"GEN-[A-Z][A-Z0-9-]*")
"""What the quickstart templates have for values that a test makes up.
https://github.com/Azure/azure-quickstart-templates/blob/master/1-CONTRIBUTION-GUIDE/best-practices.md#parameters"""


class Entry(NamedTuple):
    """The value of one parameter; one that is kept in a key vault is a reference, and null is no value, nor is what
    samples have in its place. An empty text is none where the file `is_found`, and the user did not choose it."""

    name: str
    value: Json
    is_reference: bool
    place: Place
    is_found: bool = False

    def given(self) -> Given:
        """The value, as a deployment asks for it."""
        if self.is_reference:
            secret = Unknown(unknown(self.name), f"parameter `{self.name}` comes from a key vault")
            return lambda: secret
        is_place = isinstance(self.value, str) and _PLACEHOLDER.fullmatch(self.value) is not None
        is_none = self.value is None or is_place or (self.is_found and self.value == "")
        value = ABSENT if is_none else self.value
        return lambda: value


def entries_of(document: Json, place: Place) -> tuple[Entry, ...]:
    """The values in a parameter file, whose envelope may be left out."""
    if not isinstance(document, dict):
        return ()
    if isinstance(document.get("parameters"), dict):
        document, place = document["parameters"], place / "parameters"
    return tuple(
        Entry(name, entry.get("value"), "value" not in entry and "reference" in entry, place / name)
        for name, entry in document.items()
        if isinstance(entry, dict) and (entry.keys() & {"value", "reference"} or not entry)
    )


def template_name(parameter_file: str) -> str | None:
    """The path of the template whose name a parameter file carries, None where it carries none.

    >>> template_name("a/hub.parameters.json"), template_name("hub.params.dev.json"), template_name("parameters.json")
    ('a/hub.json', 'hub.json', None)
    """
    folder, name = posixpath.split(parameter_file.replace("\\", "/"))
    found = _NAMED.fullmatch(name)
    return posixpath.join(folder, f"{found.group(1)}.json") if found and found.group(1) else None


def names_beside(template: str) -> tuple[str, ...]:
    """The names under which the parameter file of a template is usually found beside it.

    >>> names_beside("a/hub.json")
    ('hub.parameters.json', 'hub.param.json', 'hub.params.json', 'parameters.json')
    """
    stem = posixpath.basename(template.replace("\\", "/")).rpartition(".")[0]
    return f"{stem}.parameters.json", f"{stem}.param.json", f"{stem}.params.json", "parameters.json"


def fits(entries: tuple[Entry, ...], parameters: Mapping[str, Any]) -> bool:
    """Whether a template has all the parameters (names in lower case) that a file gives values to."""
    return bool(entries) and all(entry.name.lower() in parameters for entry in entries)
