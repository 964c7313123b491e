"""What the scripts' grids are compared with (`node --test`, tests/scripts/grids.test.js) is what the server says.

To write the file anew after a change of the grids: `python -m tests.geo.test_script_grids`.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from mapping.geo.crs import LAEA, transform_positions
from mapping.geo.grid import Cell, cell_of
from mapping.geo.hexagon import Hexagon, hexagon_of

FILE = Path(__file__).parent.parent / "scripts" / "grids.json"
SIZES = (100, 200, 1000)


def of_server() -> dict[str, Any]:
    """Sixty places with the names of their cells, and the corners of two cells."""
    places = [(round(7.7 + number * 0.00371, 5), round(49.4 + number * 0.00173, 5)) for number in range(60)]
    metres = transform_positions(np.array(places), 4326, LAEA).tolist()
    square, hexagon = Cell(200, 4159200, 2928200), Hexagon(200, 13864, 8453)
    return {
        "places": [list(place) for place in places],
        "metres": [[round(value, 3) for value in place] for place in metres],
        "grids": [
            {"kind": kind, "size": size, "ids": [find(east, north, size).id for east, north in metres]}
            for kind, find in (("square", cell_of), ("hexagon", hexagon_of))
            for size in SIZES
        ],
        "shapes": [
            {"kind": kind, "size": 200, "row": row, "id": one.id, "ring": corners_of(one)}
            for kind, row, one in (
                ("square", [square.east, square.north], square),
                ("hexagon", [hexagon.column, hexagon.row], hexagon),
            )
        ],
    }


def corners_of(one: Cell | Hexagon) -> list[list[float]]:
    """Without the repeated first one."""
    return [[round(float(value), 3) for value in corner] for corner in list(one.ring_laea())[:-1]]


def test_scripts_are_compared_with_the_grids_of_the_server() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == of_server()


if __name__ == "__main__":
    FILE.write_text(json.dumps(of_server()) + "\n", encoding="utf-8")
