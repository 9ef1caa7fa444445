"""Inputs -> Reading: every source decoded, recognised and read, records merged, all faults told at once."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place
from diagramgen.read.balancer_parts import with_balancer_parts
from diagramgen.read.context import Context
from diagramgen.read.cut_off import refuse_cut_off
from diagramgen.read.documents import Json, parse_documents
from diagramgen.read.effective_state import with_effective
from diagramgen.read.export import count_unknown, incomplete, is_worth_drawing, read_export
from diagramgen.read.extract import Page
from diagramgen.read.inputs import Options, Source
from diagramgen.read.merge import merge_records
from diagramgen.read.recognise import is_spec
from diagramgen.read.record import Reading, Record
from diagramgen.read.recordings import is_cassette_text
from diagramgen.read.refused import refuse_text
from diagramgen.read.relaxed import after_comments, is_template_text, relaxed
from diagramgen.read.spelling import tidy
from diagramgen.read.strangers import NOT_FOR_US, folded, refuse_stranger, softened
from diagramgen.read.tables import rows_of_csv
from diagramgen.read.text import decode


def read_records(sources: Iterable[Source], options: Options = Options()) -> Reading:  # noqa: B008
    """All that the sources say, merged by id and sorted by it.

    Raises:
        InputError: a source is broken or of no format that is read, or there is nothing in them to draw;
        carries
            the diagnostics of all sources.
    """
    gathered = _Gathered()
    sources = list(sources)
    for source in sources:
        try:
            _gather(source, gathered)
        except InputError as problem:
            gathered.diagnostics += softened(source, problem.diagnostics)
    by_name = {source.name: source for source in sources}
    context = Context(options, dict(gathered.documents), by_name, {})
    for name, documents in gathered.documents.items():
        try:
            _read_documents(name, documents, context, gathered)
        except InputError as problem:
            gathered.diagnostics += softened(by_name[name], problem.diagnostics)
    _read_specs(gathered, by_name)
    merged, conflicts = merge_records(gathered.records)
    records, laid = with_effective(with_balancer_parts(merged))
    diagnostics = (*folded(gathered.diagnostics), *incomplete(gathered.pages), *conflicts, *laid)
    if any(diagnostic.severity == "error" for diagnostic in diagnostics):
        raise InputError(diagnostics)
    unknown = count_unknown(records)
    if not any(is_worth_drawing(record) for record in records) and not (gathered.has_spec and records):
        raise InputError((*diagnostics, _nothing_known(records, gathered.formats)))
    return Reading(records, diagnostics, gathered.texts, gathered.formats, unknown, gathered.secrets)


def texts_of(sources: Iterable[Source]) -> Mapping[str, str]:
    """The text of every source that is one, by name: what a message needs after reading has failed."""
    texts = {}
    for source in sources:
        with contextlib.suppress(InputError):
            texts[source.name] = decode(source.name, source.data)
    return texts


@dataclass(slots=True)
class _Gathered:
    """What has been read so far, of all sources."""

    records: list[Record] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    documents: dict[str, tuple[Json, ...]] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, int] = field(default_factory=dict)
    specs: dict[str, str] = field(default_factory=dict)
    has_spec: bool = False


def _gather(source: Source, gathered: _Gathered) -> None:
    """Takes a source in as a spec or as documents, before any document is read."""
    gathered.texts[source.name] = ""
    text = decode(source.name, source.data)
    gathered.texts[source.name] = text
    if not text.strip():
        raise _error("empty-input", f"`{source.name}` is empty", source)
    start = text[after_comments(text) :][:1] if is_template_text(text) else text.lstrip()[:1]
    if start not in "{[":
        if (rows := rows_of_csv(source.name, text)) is not None:
            gathered.documents[source.name] = (rows,)
            return
        if is_cassette_text(text):
            from diagramgen.read.spec.loading import load_yaml

            gathered.documents[source.name] = (load_yaml(source.name, text)[0],)
            return
        refuse_text(source.name, text)
        refuse_stranger(source, text)
        gathered.specs[source.name] = text
        gathered.formats[source.name] = "spec"
        return
    refuse_stranger(source, text[after_comments(text) :] if is_template_text(text) else text)
    refuse_cut_off(source.name, text)
    documents = _documents(source, text)
    if len(documents) == 1 and is_spec(documents[0]):
        gathered.specs[source.name] = text
        gathered.formats[source.name] = "spec"
        return
    gathered.documents[source.name] = documents


def _read_documents(name: str, documents: tuple[Json, ...], context: Context, gathered: _Gathered) -> None:
    formats: dict[str, None] = {}
    for index, document in enumerate(documents):
        export = read_export(name, document, index, context)
        gathered.records += export.records
        gathered.diagnostics += export.diagnostics
        gathered.pages += export.pages
        if export.secrets:
            gathered.secrets[name] = gathered.secrets.get(name, 0) + export.secrets
        formats |= dict.fromkeys(export.formats)
    gathered.formats[name] = ", ".join(formats)


def _documents(source: Source, text: str) -> tuple[Json, ...]:
    """The JSON documents; what begins as an ARM template may hold comments and strings of several lines."""
    try:
        return parse_documents(source.name, text)
    except InputError:
        if is_template_text(text):
            return parse_documents(source.name, relaxed(text))
        raise


def _read_specs(gathered: _Gathered, sources: Mapping[str, Source]) -> None:
    """What persons wrote, all files together as one spec; its reader is loaded only where there is one.

    A file that was only found in a folder and is no spec is left out, and the rest read again.
    """
    if not gathered.specs:
        return
    from diagramgen.read.spec import read_specs

    try:
        reading = read_specs(gathered.specs)
    except InputError as problem:
        strangers = {d.place.source for d in problem.diagnostics if d.place and d.code in NOT_FOR_US}
        strangers = {name for name in strangers if name in sources and not sources[name].is_named}
        if not strangers:
            gathered.diagnostics += problem.diagnostics
            return
        for diagnostic in problem.diagnostics:
            if diagnostic.place and diagnostic.place.source in strangers:
                gathered.diagnostics += softened(sources[diagnostic.place.source], [diagnostic])
        gathered.specs = {name: text for name, text in gathered.specs.items() if name not in strangers}
        _read_specs(gathered, sources)
        return
    gathered.records += reading.records
    gathered.diagnostics += reading.diagnostics
    gathered.has_spec = True
    for record in reading.records:  # what is said under `azure:` may be anything
        if met := sum(tidy(said, record.place) for said in (record.properties, record.envelope)):
            gathered.secrets[record.place.source] = gathered.secrets.get(record.place.source, 0) + met


def _nothing_known(records: Iterable[Record], formats: Mapping[str, str]) -> Diagnostic:
    """The error for inputs of which nothing can be drawn; `formats` is what they were recognised as, by name."""
    counted = sorted(Counter(record.type for record in records).items())
    hint = "see `diagramgen query` for what to export"
    if not formats:
        message = "no input to read: neither a spec nor an export"
    elif counted:
        listed = ", ".join(f"{count} `{kind}`" for kind, count in counted[:5])
        message = f"nothing in the input makes a network: only {listed}" + (
            " ..." if len(counted) > 5 else ""
        )
    elif any("ARM template" in name for name in formats.values()):
        message = "the template deploys nothing with these values of its parameters"
        hint = (
            "give other values with `--parameters FILE`, and the templates that it links to as further inputs"
        )
    else:
        message = "the input holds no resources at all"
    return Diagnostic("error", "nothing-to-draw", message, hints=(hint,))


def _error(code: str, message: str, source: Source) -> InputError:
    return InputError([Diagnostic("error", code, message, Place(source.name))])
