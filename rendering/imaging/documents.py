"""Documents: JSON that one version of the service writes and another reads.

Each document is declared once, as a frozen `msgspec.Struct` of fields with types, defaults and meanings. Reading checks
every type. A member without a field comes from a newer version and is ignored. A missing member has its field's
default. A member of another type, or out of bounds, is refused, because a document that is only half understood would
make the wrong picture.

New fields of a recipe are declared `T | UnsetType = UNSET`. Unset fields are not written, so the documents of existing
recipes do not change, nor do the keys of derivatives, which are hashes of them.
"""

import json
from abc import ABC, abstractmethod
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

import msgspec

from .errors import BadDocument, BadRecipe

Shape = TypeVar("Shape")

#: A side of a picture in pixels; 0 means none. No format allows longer sides, whatever the limits.
Length = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
#: A cache age, in whole seconds.
Seconds = Annotated[int, msgspec.Meta(ge=0)]
#: Elapsed time, in seconds.
Duration = Annotated[float, msgspec.Meta(ge=0)]
Serial = Annotated[int, msgspec.Meta(ge=0)]
Quality = Annotated[int, msgspec.Meta(ge=1, le=100)]
Bytes = Annotated[int, msgspec.Meta(ge=1)]
Ratio = Annotated[float, msgspec.Meta(gt=0, le=10)]
#: The width of a picture, in pixels.
Width = Annotated[int, msgspec.Meta(ge=1, le=65_535)]
#: The padding around a face, in fractions of its sides.
Padding = Annotated[float, msgspec.Meta(ge=0, le=5)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
NotEmpty = Annotated[str, msgspec.Meta(min_length=1)]
#: A colour as RRGGBB, in hexadecimal digits.
Hex = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-fA-F]{6}\Z")]
Turn = Literal[0, 90, 180, 270]


class TextValue(ABC):
    """An immutable value that a document holds as its canonical text. Values with equal texts are equal.

    Subclasses are not dataclasses or Structs, because msgspec would write those as objects with fields.
    """

    __slots__ = ()

    #: The type that `to_builtins` returns and `read` takes, for those that are no plain text.
    form: ClassVar[Any] = str

    @classmethod
    @abstractmethod
    def read(cls, text: Any) -> Self:
        """Read what `to_builtins` returns. Raises BadRecipe for any other text."""

    def to_builtins(self) -> Any:
        """The value as JSON can hold it."""
        return str(self)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.to_builtins() == self.to_builtins()

    def __hash__(self) -> int:
        return hash(self.to_builtins())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.to_builtins()!r})"


def read(data: object, kind: type[Shape]) -> Shape:
    """Read a document, or a part of one, as a value of type `kind`. `data` is parsed JSON or a `msgspec.Raw`.

    Raises BadDocument, whose message says what is wrong and where.
    """
    try:
        if isinstance(data, msgspec.Raw):
            return msgspec.json.decode(data, type=kind, dec_hook=_read_text)
        return msgspec.convert(data, kind, dec_hook=_read_text)
    except msgspec.ValidationError as error:
        raise BadDocument(f"{getattr(kind, '__name__', kind)}: {error}") from error


def encode(value: object, *, sort_keys: bool = False) -> bytes:
    """Encode a value as a document: compact JSON in ASCII. `read` is the inverse, once the JSON is parsed.

    Raises TypeError for a value that no document can hold.
    """
    plain = msgspec.to_builtins(value, enc_hook=_write_text)
    return json.dumps(plain, separators=(",", ":"), sort_keys=sort_keys).encode()


def to_builtins(value: object) -> Any:
    """Convert a value to what parsing its document gives: dicts, lists, strings and numbers."""
    return json.loads(encode(value))


def to_builtins_unnamed(value: object) -> dict[str, Any]:
    """Convert a value as `to_builtins` does, but without its name, for documents that list values by name."""
    return {member: found for member, found in to_builtins(value).items() if member != "name"}


def _read_text(kind: type[Any], data: object) -> object:
    if not issubclass(kind, TextValue):
        raise TypeError(f"A document cannot hold a {kind.__name__}")
    try:
        return kind.read(msgspec.convert(data, kind.form))
    except BadRecipe as error:
        # msgspec adds the position in the document to ValueErrors only.
        raise ValueError(str(error)) from error


def _write_text(value: object) -> object:
    if isinstance(value, TextValue):
        return value.to_builtins()
    raise TypeError(f"A document cannot hold a {type(value).__name__}")
