"""What an input does not tell, as text: `{name}` stands where a value belongs that nobody knows offline.

A parameter without a value, what Azure gives at deployment, what Terraform knows after apply: such a value flows on
through names and ids (`vnet-{location}`), stays visible in the drawing, and is no address, no number and no word of
Azure's, so that the analysis can conclude nothing from it. Azure allows no braces in names.
"""

from __future__ import annotations

import re
from typing import Any

SUBSCRIPTION = "{subscription}"
RESOURCE_GROUP = "{resourceGroup}"
"""Where a deployment goes, which a template or plan does not say."""

MORE = "{more}"
"""The last entry of a list of which the input may not tell all."""

_MARK = re.compile(r"\{[^{}]*\}")


def unknown(what: str) -> str:
    """The text that stands for a value that is not known; `what` says which, without braces.

    >>> unknown("parameters('x')")
    "{parameters('x')}"
    """
    return "{" + what.replace("{", "(").replace("}", ")") + "}"


def is_unknown(value: Any) -> bool:
    """Whether a value is, or holds, what is not known.

    >>> [is_unknown(v) for v in ("vnet-{location}", "vnet", None)]
    [True, False, False]
    """
    return isinstance(value, str) and _MARK.search(value) is not None
