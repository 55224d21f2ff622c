"""URLs and tags of an image service's pictures. Writing them asks neither the service nor a storage.

>>> alias_url("hero", "people/ann (1).jpg")
'https://images.example.com/hero/people/ann%20%281%29.jpg'
"""

from .listing import load
from .picture import Picture
from .urls import alias_url, signed_url

__all__ = ["Picture", "alias_url", "load", "signed_url"]
__version__ = "0.1.0"
