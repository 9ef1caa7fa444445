"""Analysis: from a topology to what is proved of its segmentation."""

from diagramgen.analyse.boundaries import AZURE, INTERNET, Analysis, Verdict, analyse_topology

__all__ = ["AZURE", "INTERNET", "Analysis", "Verdict", "analyse_topology"]
