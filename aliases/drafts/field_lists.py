"""Lists of an alias's fields, each by what their declaration says."""

from ..fields.columns import DeclaredColumn
from ..fields.declaration import Decides
from .draft import Draft
from .rules import Rules

#: All fields by name, in the order of the form, of differences and of exported documents.
FIELDS: dict[str, DeclaredColumn] = {
    field.name: field
    for part in (Draft, Rules)
    for field in part._meta.local_fields
    if isinstance(field, DeclaredColumn)
}
#: Fields that a revision has.
PUBLISHED = {name: field for name, field in FIELDS.items() if field.published}
#: Fields that are exported without being published. The name is the alias's key in a document.
NOTES = tuple(name for name in FIELDS if name not in PUBLISHED and name != "name")
#: Fields that say how long responses are cached.
AGES = frozenset(name for name, field in FIELDS.items() if field.decides is Decides.AGE)
QUALITIES = tuple(name for name, field in FIELDS.items() if field.decides is Decides.QUALITY)
#: Fields whose change means that a visual quality has to be measured again.
DECISIVE = tuple(name for name, field in PUBLISHED.items() if field.decides is Decides.PIXELS)
#: Fields that do not change what the sample looks like.
WITHOUT_PIXELS = frozenset(
    name for name, field in FIELDS.items() if field.decides not in (Decides.PIXELS, Decides.QUALITY)
)
