"""The values that a user gives to templates: parameter files and single values, checked against the declarations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import NOTHING, NOWHERE, Place
from diagramgen.read.documents import parse_documents
from diagramgen.read.inputs import Options, Source
from diagramgen.read.relaxed import relaxed
from diagramgen.read.template.declared import declarations, parsed
from diagramgen.read.template.deployment import Given
from diagramgen.read.template.parameter_files import Entry, entries_of
from diagramgen.read.text import decode


class Values(NamedTuple):
    """Values for templates: `own` of one template, `files` in their order for all, `single` ones for all.

    `problems` are errors in what the user gave.
    """

    own: tuple[Entry, ...] = ()
    files: tuple[Entry, ...] = ()
    single: Mapping[str, str] = NOTHING
    problems: tuple[Diagnostic, ...] = ()

    def names(self) -> dict[str, Place]:
        """The names that the user gave, and where."""
        return {entry.name: entry.place for entry in self.files} | dict.fromkeys(self.single, NOWHERE)


def read_options(options: Options) -> Values:
    """What the user gave on the command line."""
    entries: list[Entry] = []
    problems: list[Diagnostic] = []
    for source in options.parameters:
        try:
            entries += _entries(source)
        except InputError as problem:
            problems += problem.diagnostics
    return Values((), tuple(entries), options.values, tuple(problems))


def given_values(values: Values, template: Mapping[str, Any]) -> tuple[dict[str, Given], dict[str, Place]]:
    """What a template is given, by parameter in lower case, and the names in its own parameter file that it lacks.

    Raises:
        InputError: a value is of another type than its parameter.
    """
    declared = declarations(template)
    given = {entry.name.lower(): entry.given() for entry in (*values.own, *values.files)}
    problems = list(values.problems)
    for name, text in values.single.items():
        parameter = declared.get(name.lower())
        if parameter is not None:
            try:
                given[name.lower()] = _constant(parsed(text, parameter.type))
            except ValueError as wanted:
                message = f"parameter `{parameter.name}` wants {wanted}"
                problems.append(Diagnostic("error", "template-parameter-value", message))
    if problems:
        raise InputError(problems)
    return given, {entry.name: entry.place for entry in values.own if entry.name.lower() not in declared}


def _entries(source: Source) -> tuple[Entry, ...]:
    text = decode(source.name, source.data)
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "/")):
        message = f"`{source.name}` is no parameter file of ARM (JSON)"
        hint = "turn `.bicepparam` into JSON with `bicep build-params FILE.bicepparam`"
        raise InputError([Diagnostic("error", "template-parameters", message, Place(source.name), (hint,))])
    try:
        document = parse_documents(source.name, text)[0]
    except InputError:
        document = parse_documents(source.name, relaxed(text))[0]
    entries = entries_of(document, Place(source.name))
    if not entries and not (isinstance(document, dict) and isinstance(document.get("parameters"), dict)):
        message = f"`{source.name}` is no parameter file: it has no `parameters` with a `value` each"
        raise InputError([Diagnostic("error", "template-parameters", message, Place(source.name))])
    return entries


def _constant(value: Any) -> Given:
    return lambda: value
