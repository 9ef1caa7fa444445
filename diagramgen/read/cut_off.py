"""JSON that `ConvertTo-Json` cut off: below its depth (2, unless told) it writes text in place of objects.

An object becomes `@{name=value; ...}`, a list `System.Object[]`, a model of Azure PowerShell the name of its class.
Such a file is whole JSON and has lost its contents, so it is refused wherever one of these stands.

https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/convertto-json#-depth
"""

from __future__ import annotations

import re

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place

_MARKS = (
    '"@{',
    '"System.Object[]',
    '"System.Collections.',
    '"Microsoft.Azure.Commands.',
    '"Microsoft.Azure.Management.',
)
_CUT = re.compile(
    r'"(?:@\{[A-Za-z_][\w.$-]*=[^"]*\}|System\.Object\[\]|System\.Collections\.[\w.`\[\], ]+'
    r'|Microsoft\.Azure\.(?:Commands|Management)\.[\w.]*\bModels\.\w[^"]*)"'
)
_ADVICE = "repeat the export with `ConvertTo-Json -Depth 100`"


def refuse_cut_off(source_name: str, text: str) -> None:
    """Nothing, for JSON that is whole.

    Raises:
        InputError: PowerShell cut it off; the message names the first line where it did.
    """
    starts = [start for mark in _MARKS if (start := text.find(mark)) >= 0]
    found = _CUT.search(text, min(starts)) if starts else None
    if found is None:
        return
    line = text.count("\n", 0, found.start()) + 1
    shown = found.group()[1:25].partition("=")[0] + ("=...}" if "=" in found.group()[:25] else "")
    message = f"`{source_name}` is cut off by PowerShell: it holds `{shown}` in place of an object or a list"
    raise InputError(
        [Diagnostic("error", "unsupported-format", message, Place(source_name), (_ADVICE,), line=line)]
    )
