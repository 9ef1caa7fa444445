"""Views: from an analysed topology to a sketch, which is all that layout and drawing ever see."""

from diagramgen.view.choose import choose_view, view_names
from diagramgen.view.traced import with_trace

__all__ = ["choose_view", "view_names", "with_trace"]
