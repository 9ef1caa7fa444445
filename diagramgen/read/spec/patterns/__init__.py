"""First specs to begin from: `diagramgen init --pattern NAME` writes one."""

from __future__ import annotations

from importlib.resources import files

PATTERNS = ("single-vnet", "peered", "hub-spoke", "virtual-wan")


def init_spec(pattern: str) -> str:
    """The text of a first spec.

    Raises:
        KeyError: there is no such pattern.
    """
    if pattern not in PATTERNS:
        raise KeyError(pattern)
    return files(__package__).joinpath(f"{pattern}.yaml").read_text("utf-8")
