"""Layout: from a sketch to a plan, where everything is. Nothing here knows Azure.

draft     boxes -> a tree of grids with channels (pack, dress): a few shapes are tried, the best page wins
lines     which channels hold red lines, and the pieces in them
ways      links -> straight, or through the channels (route); tracks widen channels, the tree settles anew
untangle  no two links on one line
overlays  frames across frames
outside   Internet and on-premises level with what they reach, and the outer red line
compose   everything placed, words into the rooms kept for them (labels), on a sheet with title and key
"""

from diagramgen.layout.page import plan_layout

__all__ = ["plan_layout"]
