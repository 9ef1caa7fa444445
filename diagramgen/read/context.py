"""What a format's reader may look at besides its own document: the options, and all other documents."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any, NamedTuple

from diagramgen.located import NOTHING
from diagramgen.read.documents import Json
from diagramgen.read.inputs import Options, Source


class Context(NamedTuple):
    """`documents` are the JSON documents of every input, by its name, before any of them is read; `sources` the
    inputs themselves. A reader changes none but its own. `memory` is what a reader keeps from one document for the
    next, by the name of its module; None where there is no next one."""

    options: Options = Options()
    documents: Mapping[str, tuple[Json, ...]] = NOTHING
    sources: Mapping[str, Source] = NOTHING
    memory: MutableMapping[str, Any] | None = None
