"""What `bicep snapshot` writes: the resources that a `.bicepparam` file deploys, evaluated without Azure.

https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-cli#snapshot
"""

from __future__ import annotations

from typing import Any

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place
from diagramgen.read.extract import Extract
from diagramgen.read.template.evaluated import State, rows_of


def read_snapshot(document: dict[str, Any], place: Place) -> Extract:
    """The predicted resources; what the tool said of them is said again."""
    listed = document["predictedResources"]
    where = place / "predictedResources"
    states = [State(one, where / n) for n, one in enumerate(listed) if isinstance(one, dict)]
    rows, told = rows_of(states, place)
    return Extract(("Bicep snapshot",), rows, diagnostics=(*told, *_said(document, place)))


def _said(document: dict[str, Any], place: Place) -> list[Diagnostic]:
    """What the snapshot says of errors that Bicep met."""
    listed = document.get("diagnostics")
    messages = (
        [str(one.get("message", "")) for one in listed if isinstance(one, dict)]
        if isinstance(listed, list)
        else []
    )
    if not messages:
        return []
    text = f"Bicep said of the snapshot: {messages[0][:200]}" + (
        f" (and {len(messages) - 1} more)" if messages[1:] else ""
    )
    return [Diagnostic("warning", "template-snapshot", text, place / "diagnostics")]
