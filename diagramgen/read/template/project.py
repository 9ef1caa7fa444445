"""All templates and parameter files of a run, seen together: which links which, and which values belong to which.

A template that another input links is part of that one and is not drawn again.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import NamedTuple

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place
from diagramgen.read.context import Context
from diagramgen.read.documents import Json
from diagramgen.read.extract import Extract
from diagramgen.read.template.claims import Found, is_parameters, template_in
from diagramgen.read.template.expand import expansion_of
from diagramgen.read.template.expressions import TooMuch
from diagramgen.read.template.files import Files, Linked
from diagramgen.read.template.given import Values, given_values, read_options
from diagramgen.read.template.parameter_files import Entry, entries_of, fits, names_beside, template_name
from diagramgen.read.template.telling import export_errors, surplus, tell

Key = tuple[str, int]
"""A document: the name of its source, and which one in it."""


class ParameterFile(NamedTuple):
    """A parameter file among the inputs; `wants` is the template that it names, None where it names none."""

    entries: tuple[Entry, ...]
    place: Place
    wants: str | None


class Project:
    """Made once for all inputs; every template is expanded when the first one is asked for."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.templates: dict[Key, Found] = {}
        self.files: dict[Key, ParameterFile] = {}
        for name, documents in context.documents.items():
            for index, document in enumerate(documents):
                self._take(name, index, document)
        self.belongs = {key: self._template_for(one) for key, one in self.files.items()}
        self.used_files: set[Key] = set()
        self._values = read_options(context.options)
        self._results: dict[Key, Extract | InputError] = {}
        self._links: dict[Key, set[str]] = {}
        self._has_told_surplus = False

    def template(self, key: Key) -> Extract:
        """The rows of a template; none where another one links it.

        Raises:
            InputError: it cannot be read at all.
        """
        self._expand_all()
        if self._is_linked(key):
            return Extract(("ARM template, linked from another",))
        result = self._results[key]
        if isinstance(result, InputError):
            raise result
        return result._replace(diagnostics=(*self._told_surplus(), *result.diagnostics))

    def parameters(self, key: Key) -> Extract:
        """No rows, and what there is to say of a parameter file that no template takes.

        Raises:
            InputError: there is no template at all.
        """
        self._expand_all()
        place = self.files[key].place
        if not self.templates:
            message = f"`{place.source}` is a parameter file of an ARM template, without the template"
            hint = f"give the template, and this file with `--parameters {place.source}`"
            raise InputError([Diagnostic("error", "unsupported-format", message, place, (hint,))])
        if key in self.used_files or self._is_linked(key):
            return Extract(("ARM parameters",))
        if self.context.options.parameters:
            text = f"`{place.source}` is not used, as other parameter files were given"
        elif (template := self.belongs[key]) is not None:
            text = f"`{place.source}` is not used: `{template[0]}` has several parameter files"
        else:
            text = f"`{place.source}` has parameters of none of the templates, or of several, and is not used"
        hint = "say which one with `--parameters FILE`"
        return Extract(
            ("ARM parameters",),
            diagnostics=(Diagnostic("warning", "template-parameters", text, place, (hint,)),),
        )

    def _take(self, name: str, index: int, document: Json) -> None:
        found = template_in(document)
        if found is not None:
            self.templates[name, index] = found
        elif is_parameters(document):
            place = Place(name, document=index)
            metadata = document.get("metadata")
            told = metadata.get("template") if isinstance(metadata, dict) else None
            wants = (
                posixpath.join(posixpath.dirname(name), told)
                if isinstance(told, str)
                else template_name(name)
            )
            self.files[name, index] = ParameterFile(entries_of(document, place), place, wants)

    def _template_for(self, file: ParameterFile) -> Key | None:
        """The template that a parameter file names; else the only one that has all of its parameters."""
        if file.wants is not None:
            wanted = posixpath.normpath(file.wants.replace("\\", "/")).lower()
            for same in (str, posixpath.basename):
                found = [key for key in self.templates if same(_normal(key[0])) == same(wanted)]
                if len(found) == 1:
                    return found[0]
        fitting = [key for key, found in self.templates.items() if fits(file.entries, _parameters_of(found))]
        return fitting[0] if len(fitting) == 1 else None

    def _expand_all(self) -> None:
        if self._results or not self.templates:
            return
        for key, found in self.templates.items():
            files = Files(self.context, key[0], _packed(found, Place(key[0], document=key[1])))
            try:
                self._results[key] = self._expanded(key, found, files)
            except InputError as problem:
                self._results[key] = problem
            self._links[key] = files.used

    def _expanded(self, key: Key, found: Found, files: Files) -> Extract:
        place = Place(key[0], found.path, key[1])
        values = self._values_for(key, found, files)
        given, not_there = given_values(values, found.template)
        try:
            expansion, run = expansion_of(found.template, place, given, files)
        except TooMuch as problem:
            message = f"the template cannot be expanded: {problem.message}"
            raise InputError([Diagnostic("error", "template-too-large", message, place)]) from None
        beside = export_errors(found.envelope, place) if found.path else ()
        told = (*_told_values(values), *surplus(not_there), *tell(run, expansion, place), *beside)
        return Extract(("ARM template",), tuple(expansion.rows), diagnostics=told)

    def _values_for(self, key: Key, found: Found, files: Files) -> Values:
        """What the user gave; without that, the parameter file that belongs to the template."""
        own = entries_of(found.envelope, Place(key[0], found.path[:-1], key[1])) if found.path else ()
        values = self._values._replace(own=own)
        return (
            values if self._values.files else values._replace(own=(*own, *self._file_of(key, found, files)))
        )

    def _file_of(self, key: Key, found: Found, files: Files) -> tuple[Entry, ...]:
        mine = [file for file, template in self.belongs.items() if template == key]
        stem = posixpath.basename(_normal(key[0])).rpartition(".")[0]
        exact = [file for file in mine if posixpath.basename(_normal(file[0])) == f"{stem}.parameters.json"]
        chosen = exact if len(exact) == 1 else mine
        if len(chosen) == 1:
            self.used_files.add(chosen[0])
            return _found(self.files[chosen[0]].entries)
        if mine:
            return ()
        for name in names_beside(key[0]):
            beside = files.beside(name)
            if beside is not None:
                entries = entries_of(*beside)
                if name != "parameters.json" or fits(entries, _parameters_of(found)):
                    return _found(entries)
        return ()

    def _is_linked(self, key: Key) -> bool:
        """Whether another input links this one; of two that link each other the first is drawn."""
        order = list(self._links)
        for user, used in self._links.items():
            if user != key and key[0] in used and user[0] != key[0]:
                is_mutual = user[0] in self._links.get(key, set())
                if not is_mutual or order.index(user) < order.index(key):
                    return True
        return False

    def _told_surplus(self) -> tuple[Diagnostic, ...]:
        """The warning for what the user gave and no template has, once."""
        if self._has_told_surplus:
            return ()
        self._has_told_surplus = True
        known = sorted({name for found in self.templates.values() for name in _declared(found)})
        folded = {name.lower() for name in known}
        names = {name: place for name, place in self._values.names().items() if name.lower() not in folded}
        return surplus(names, known)


def _parameters_of(found: Found) -> Mapping[str, object]:
    """The parameters of a template, by name in lower case."""
    return {name.lower(): one for name, one in _declared(found).items()}


def _declared(found: Found) -> Mapping[str, object]:
    listed = found.template.get("parameters")
    return listed if isinstance(listed, dict) else {}


def _told_values(values: Values) -> tuple[Diagnostic, ...]:
    """The note on values that come from a file that the user did not choose."""
    places = [entry.place for entry in values.own if entry.is_found]
    if not places:
        return ()
    text = f"values of parameters are taken from `{places[0].source}`"
    hint = "choose another file with `--parameters FILE`"
    return (Diagnostic("note", "template-parameters", text, Place(places[0].source), (hint,)),)


def _packed(found: Found, place: Place) -> dict[str, Linked]:
    """The templates that a template spec carries beside its main one, by path."""
    listed = found.envelope.get("linkedTemplates") if found.path else None
    above = Place(place.source, (*found.path[:-1], "linkedTemplates"), place.document)
    return {
        one["path"]: Linked(one["template"], above / n / "template", None)
        for n, one in enumerate(listed if isinstance(listed, list) else ())
        if isinstance(one, dict)
        and isinstance(one.get("path"), str)
        and isinstance(one.get("template"), dict)
    }


def _found(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The values of a file that the user did not choose."""
    return tuple(entry._replace(is_found=True) for entry in entries)


def _normal(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/")).lower()
