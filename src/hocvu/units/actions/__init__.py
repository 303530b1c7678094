"""What happens to the tree: loading the country, adding a unit."""

from hocvu.units.actions.country import load_units
from hocvu.units.actions.tree import UnitCodeIsTaken, UnitIsClosed, create_unit

__all__ = ["UnitCodeIsTaken", "UnitIsClosed", "create_unit", "load_units"]
