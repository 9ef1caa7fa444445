"""Anonymising: the same estate under other names and addresses, for showing outside the house.

What a drawing and a verdict rest on stays: structure, types, prefix lengths, which prefix lies in which, ports, enum
words, service tags, special subnets. Names, ids, addresses, host names and every free text are replaced or left out;
the same by the same, within one run and in every run on the same input. Nothing stays that is not known to be harmless.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import NOWHERE
from diagramgen.read.anonymise.addresses import Addresses
from diagramgen.read.anonymise.names import Names
from diagramgen.read.anonymise.values import Values
from diagramgen.read.record import Reading, Record, key_of

_LEFT_OUT = frozenset({"diagramgen/view", "diagramgen/note", "diagramgen/acceptance"})
"""Records that are words about an estate, not the estate."""


def anonymise(reading: Reading) -> Reading:
    """The same reading under other names. Sources lose their texts and names; of what there was to say of them only
    numbers are left."""
    names = Names(record for record in reading.records)
    values = Values(names, Addresses(_key_of_all(reading)))
    records = [
        _disguised(record, names, values) for record in reading.records if record.type not in _LEFT_OUT
    ]
    left_out = len(reading.records) - len(records)
    formats = {f"input-{n}": form for n, (_, form) in enumerate(sorted(reading.formats.items()), 1)}
    return Reading(
        tuple(sorted(records, key=lambda record: record.id)),
        (*_numbers(reading, left_out),),
        {},
        formats,
        reading.unknown,
        {"all": sum(reading.secrets.values())} if reading.secrets else {},
    )


def _disguised(record: Record, names: Names, values: Values) -> Record:
    shown_id = names.id(record.shown_id or record.id)
    name = names.name(record.name, record.type, record.id)
    envelope = {
        key: shown
        for key, value in record.envelope.items()
        if (shown := values.envelope(key, value, name)) is not None
    }
    properties = values.value("", dict(record.properties))
    return replace(
        record, id=key_of(shown_id), shown_id=shown_id, name=name, properties=properties, envelope=envelope,
        place=NOWHERE, places={},
    )  # fmt: skip


def _key_of_all(reading: Reading) -> bytes:
    """A key that only the input gives: nobody without it can turn addresses back by trying."""
    digest = hashlib.sha256()
    for record in reading.records:
        digest.update(repr((record.id, sorted(map(str, record.properties.items())))).encode())
    return digest.digest()


def _numbers(reading: Reading, left_out: int) -> list[Diagnostic]:
    counted = Counter(diagnostic.severity for diagnostic in reading.diagnostics)
    found = [
        Diagnostic(severity, "anonymised", f"{number} {severity}{'s' if number > 1 else ''} of reading, not told here",
                   hints=("run without `--anonymise` to see them",))
        for severity, number in counted.items()
    ]  # fmt: skip
    if left_out:
        text = f"{left_out} views, notes or acceptances were left out: their words would tell names"
        found.append(Diagnostic("note", "anonymised", text))
    return found
