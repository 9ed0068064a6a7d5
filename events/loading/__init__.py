"""The programme that comes with the site: files → rows, once.

What has been loaded is remembered, so that no later load touches what staff have edited, gives back an address
that they changed, or brings back what they deleted.
"""

from events.loading.files import FileProblem
from events.loading.load import PROGRAMMES, load_all

__all__ = ["PROGRAMMES", "FileProblem", "load_all"]
