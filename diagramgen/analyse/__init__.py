"""Analysis: from a topology to what is proved of its segmentation."""

from diagramgen.analyse.addresses import INTERNET
from diagramgen.analyse.analysis import AZURE, Analysis, analyse_topology

__all__ = ["AZURE", "INTERNET", "Analysis", "analyse_topology"]
