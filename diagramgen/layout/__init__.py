"""Layout: from a sketch to a plan, where everything is. Nothing here knows Azure.

pack      boxes -> a tree of grids with channels            shapes are tried, the best page wins
lines     which channels hold red lines
ways      links -> straight, or through the channels; tracks widen channels, the tree settles anew
overlays  frames across frames
labels    words into the rooms kept for them
page      title, what stands outside Azure, key, title block
"""

from diagramgen.layout.page import plan_layout

__all__ = ["plan_layout"]
