"""What a test vector becomes: a whole estate, a question about it, and the answer that is expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from simulator.arm import Arm

Json = Mapping[str, Any]


class Ask(NamedTuple):
    """One question: can `source` send to `target`? Ends are addresses, ids, `internet` or `on-premises`."""

    source: str
    target: str
    protocol: str = "Tcp"
    port: int = 443
    source_port: int = 50000


class Case(NamedTuple):
    """A vector as a whole estate. What cannot be asked of an estate says why in `unsupported`.

    `at` is the id of the subnet whose filters or routes a vector is about; `boundary` is level, a, b.
    `is_filter_only`: the vector tells what one end's filters do, not what becomes of the flow.
    """

    arm: Arm
    ask: Ask | None = None
    boundary: tuple[str, str, str] | None = None
    at: str = ""
    direction: str = ""
    firewall: str = ""
    unsupported: str = ""
    is_filter_only: bool = False


def protocol_of(flow: Json) -> str:
    return str(flow.get("proto") or "Tcp")


def ask_of(flow: Json, source: str = "", target: str = "") -> Ask:
    """The question that a vector's flow is, its ends replaced where given."""
    return Ask(source or str(flow["src"]), target or str(flow["dst"]), protocol_of(flow), int(flow.get("dport") or 443),
               int(flow.get("sport") or 50000))  # fmt: skip
