"""Provinces, districts and subdistricts in Thai and English texts: `find_places`.

`gazetteer` has the tables, `candidates` finds what may be a place, `reading` decides.
"""

from scraper.thai.places.gazetteer import province_code, provinces
from scraper.thai.places.reading import Place, PlaceKind, find_places

__all__ = ["Place", "PlaceKind", "find_places", "province_code", "provinces"]
