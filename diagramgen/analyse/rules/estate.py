"""Estate: what the rules judge, a topology with everything that the analysis has worked out of it."""

from __future__ import annotations

from typing import Protocol

from diagramgen.analyse.addresses import Addresses
from diagramgen.analyse.firewall import Firewalls
from diagramgen.analyse.frontends import Frontend
from diagramgen.analyse.internet import InternetJudge
from diagramgen.analyse.paas import Services
from diagramgen.analyse.routing import Routing
from diagramgen.analyse.verdicts import Boundary, Level
from diagramgen.analyse.wan import VirtualWan
from diagramgen.model.topology import Topology


class Estate(Protocol):
    """An estate under analysis; `diagramgen.analyse.analysis.Analysis` is one."""

    @property
    def topology(self) -> Topology:
        """What there is."""

    @property
    def addresses(self) -> Addresses:
        """Who has which addresses."""

    @property
    def routing(self) -> Routing:
        """Effective routes."""

    @property
    def firewalls(self) -> Firewalls:
        """Azure Firewalls and their rules."""

    @property
    def services(self) -> Services:
        """Platform services and whom they admit."""

    @property
    def frontends(self) -> tuple[Frontend, ...]:
        """Ways in from the Internet."""

    @property
    def internet(self) -> InternetJudge:
        """Verdicts on those ways."""

    @property
    def wan(self) -> VirtualWan:
        """Virtual hubs."""

    def boundary(self, level: Level, a: str, b: str) -> Boundary | None:
        """The verdict on one boundary, None where there is none."""
