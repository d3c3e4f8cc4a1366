"""Outlines of countries out of a topology."""

import json

from setup import geodata

SQUARE = [[0, 0], [10, 0], [0, 10]]  # steps: right, up
BACK = [[10, 10], [-10, 0], [0, -10]]  # left, down, to where the square began
TOPOLOGY = {
    "transform": {"scale": [0.5, 1], "translate": [-10, 20]},
    "arcs": [SQUARE, BACK, [[0, 0], [0, 0]]],
    "objects": {
        "countries": {
            "geometries": [
                {"id": "752", "type": "Polygon", "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "arcs": [[[-2, -1]], [[2]]]},
                {"id": "010", "type": "Polygon", "arcs": [[0, 1]]},
            ]
        }
    },
}


def test_ring_across_the_date_line_is_cut_in_two():
    ring = [(170.0, 0.0), (-170.0, 0.0), (-170.0, 10.0), (170.0, 10.0)]
    east, west = sorted(geodata._cut(ring), key=max)
    assert {x for x, _y in east} == {-180.0, -170.0}
    assert {x for x, _y in west} == {170.0, 180.0}


def test_write_keeps_shapes_and_the_middle_of_what_is_too_small(tmp_path):
    fine = json.loads(json.dumps(TOPOLOGY))
    fine["objects"]["countries"]["geometries"][1]["id"] = "702"
    (tmp_path / "countries-110m.json").write_text(json.dumps(TOPOLOGY))
    (tmp_path / "countries-50m.json").write_text(json.dumps(fine))
    geodata.write(tmp_path, tmp_path / "geo" / "world.json")
    told = json.loads((tmp_path / "geo" / "world.json").read_text())
    assert told["shapes"] == [
        ["752", [[[-10.0, 20.0], [-5.0, 20.0], [-5.0, 30.0], [-10.0, 30.0]]]],
        ["", [[[-10.0, 20.0], [-10.0, 30.0], [-5.0, 30.0], [-5.0, 20.0]]]],
    ]
    assert told["points"] == {"702": [-7.5, 25.0]}
