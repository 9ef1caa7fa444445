"""ARM templates and parameter files as formats of the program: a document in, its rows out."""

from __future__ import annotations

from typing import Any

from diagramgen.located import Place
from diagramgen.read.context import Context
from diagramgen.read.extract import Extract
from diagramgen.read.template.project import Project

_MEMORY = "diagramgen.read.template"


def read_template(document: dict[str, Any], place: Place, context: Context) -> Extract:
    """What a template deploys.

    Raises:
        InputError: it cannot be read at all: it is built to explode, or a value given to it is wrong.
    """
    return _project(document, place, context).template((place.source, place.document))


def read_parameters(document: dict[str, Any], place: Place, context: Context) -> Extract:
    """No rows: the values go to the template that they belong to.

    Raises:
        InputError: there is no template.
    """
    return _project(document, place, context).parameters((place.source, place.document))


def _project(document: dict[str, Any], place: Place, context: Context) -> Project:
    """The project of the run, or of this document alone where it is read alone."""
    documents = context.documents.get(place.source, ())
    if place.document >= len(documents) or documents[place.document] is not document:
        alone = {place.source: (*[None] * place.document, document)}
        return Project(context._replace(documents={**context.documents, **alone}))
    if context.memory is None:
        return Project(context)
    if _MEMORY not in context.memory:
        context.memory[_MEMORY] = Project(context)
    project: Project = context.memory[_MEMORY]
    return project
