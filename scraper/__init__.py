"""thaigov: an archive of Thai government industry news."""

from importlib.metadata import version

__version__ = version("thaigov")
