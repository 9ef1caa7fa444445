"""One resource instance as a state or plan writes it, before its links are resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from diagramgen.located import Place
from diagramgen.read.documents import Json
from diagramgen.read.terraform.address import Key, ModulePath, write_address, write_module
from diagramgen.read.terraform.resource import Mode


@dataclass(frozen=True, slots=True)
class Instance:
    """`address` is the full address, with modules and keys. `unknown` and `sensitive` are masks of the shape of the
    attributes, True where a value is not known yet, or secret; `unknown` is None where the document has no such mask.
    `is_new`: a plan creates it."""

    module: ModulePath
    mode: Mode
    type: str
    name: str
    key: Key
    provider: str
    attributes: dict[str, Any]
    place: Place
    unknown: Json = False
    sensitive: Json = False
    is_new: bool = False
    address: str = field(init=False, default="")

    def __post_init__(self) -> None:
        address = write_address(self.module, self.mode, self.type, self.name, self.key)
        object.__setattr__(self, "address", address)

    @property
    def module_address(self) -> str:
        """The address of the module instance; empty at the root."""
        return write_module(self.module)

    @property
    def is_azure(self) -> bool:
        """Whether one of Azure's providers has it."""
        return self.type.startswith(("azurerm_", "azapi_"))


def key_from(value: Json) -> Key:
    """An instance's key; what is neither text nor number is none."""
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None
