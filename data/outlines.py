"""Writes the outlines of the provinces in ``data/reference`` from an SVG map of Thailand.

Run it when the administrative map changes; nothing else needs the map::

    npm pack @svg-maps/thailand && tar xf svg-maps-thailand-2.0.0.tgz
    python data/outlines.py package/thailand.svg
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

REFERENCE = Path(__file__).parent / "reference"
SOURCE = """\
# Outlines of the provinces as SVG paths in a box of 336 by 615, in whole units; shared borders match.
# From @svg-maps/thailand 2.0.0 (npm), which has them from MapSVG (https://mapsvg.com/maps/thailand);
# CC BY 4.0, coordinates rounded. Written by data/outlines.py.
"""
# Names of the map that differ from those of provinces.csv; the lake is water.
OTHER_NAMES = {"Buriram": "Buri Ram", "Phangnga": "Phang-nga"}
WATER = "Lake Songkha"
PAIR = re.compile(r"(-?[\d.]+(?:e-?\d+)?),(-?[\d.]+(?:e-?\d+)?)")
SCALE = 0.6  # of the box of 560 by 1025
SMALLEST = 3  # points of an island that is drawn


def rings(path: str) -> list[list[tuple[int, int]]]:
    """Return the closed lines of an SVG path, in whole units.

    Args:
        path: whose commands are m and z alone, so each pair is relative to the one before.

    Raises:
        ValueError: it has other commands.
    """
    if other := set(re.findall("[a-df-zA-Z]", path)) - {"m", "z"}:
        raise ValueError(f"the map has commands other than m and z: {other}")
    found = []
    x = y = 0.0
    for line in re.findall(r"m([^mz]*)", path):
        points = []
        for dx, dy in PAIR.findall(line):
            x, y = x + float(dx), y + float(dy)
            points.append((x, y))
        x, y = points[0]  # where z leads back to
        found.append(rounded(points))
    return [line for line in found if len(line) >= SMALLEST]


def rounded(line: list[tuple[float, float]]) -> list[tuple[int, int]]:
    """Return a line in whole units, without repeated points and those on the way to the next."""
    points: list[tuple[int, int]] = []
    for point in ((round(x * SCALE), round(y * SCALE)) for x, y in line):
        if points and point == points[-1]:
            continue
        if len(points) > 1 and straight(points[-2], points[-1], point):
            points.pop()
        points.append(point)
    return points[:-1] if len(points) > 1 and points[0] == points[-1] else points


def straight(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    """Return whether three points are on one line."""
    return (b[0] - a[0]) * (c[1] - b[1]) == (b[1] - a[1]) * (c[0] - b[0])


def drawn(lines: list[list[tuple[int, int]]]) -> str:
    """Return closed lines as an SVG path."""
    parts = []
    for line in lines:
        x, y = line[0]
        steps = []
        for after in line[1:]:
            steps.append(f"{after[0] - x},{after[1] - y}")
            x, y = after
        parts.append(f"M{line[0][0]},{line[0][1]}l{' '.join(steps)}z")
    return "".join(parts)


def main() -> None:
    """Write province_outlines.csv.

    Raises:
        ValueError: the map and the provinces do not match.
    """
    with (REFERENCE / "provinces.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        codes = {row["name_en"]: row["code"] for row in rows}
    outlines = {}
    for shape in ET.parse(sys.argv[1]).getroot():
        if (name := shape.attrib["aria-label"]) == WATER:
            continue
        outlines[codes.get(name) or codes[OTHER_NAMES[name]]] = drawn(rings(shape.attrib["d"]))
    if missing := set(codes.values()) - outlines.keys():
        raise ValueError(f"not on the map: {missing}")
    target = REFERENCE / "province_outlines.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        file.write(SOURCE)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "path"))
        writer.writerows(sorted(outlines.items()))


if __name__ == "__main__":
    main()
