"""Documents: JSON that one version of the service writes and another reads.

What a document holds is declared once, as a frozen `msgspec.Struct`: each field with its type, its default and what it
means. Reading checks every type. A member that no field names is ignored, for it is a newer version's; one that is
missing has the field's default. One of another type, or out of bounds, is refused: no picture may be made by what is
half understood.

A field that is added to what a recipe holds is `T | UnsetType = UNSET`, so that documents without it stay as they are:
they are part of every derivative's key.
"""

import json
from abc import ABC, abstractmethod
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

import msgspec

from .errors import BadDocument, BadRecipe

Shape = TypeVar("Shape")

#: A side of a picture, in pixels: no file has a longer one, whatever a deployment's own limits. Zero is as none.
Length = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
Seconds = Annotated[int, msgspec.Meta(ge=0)]
#: A time that something took, in seconds.
Duration = Annotated[float, msgspec.Meta(ge=0)]
Serial = Annotated[int, msgspec.Meta(ge=0)]
Quality = Annotated[int, msgspec.Meta(ge=1, le=100)]
Bytes = Annotated[int, msgspec.Meta(ge=1)]
Ratio = Annotated[float, msgspec.Meta(gt=0, le=10)]
#: Around a face, in parts of its sides.
Padding = Annotated[float, msgspec.Meta(ge=0, le=5)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
NotEmpty = Annotated[str, msgspec.Meta(min_length=1)]
#: A colour: red, green and blue, two hexadecimal digits each.
Hex = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-fA-F]{6}\Z")]
Turn = Literal[0, 90, 180, 270]


class Text(ABC):
    """A value that is written as a text, in documents and wherever else. Equal texts are equal values.

    msgspec takes dataclasses and Structs apart into their fields, so such a value is neither. It does not change.
    """

    __slots__ = ()

    #: How it stands in JSON: as this type, which `read` takes and `written` returns.
    form: ClassVar[Any] = str

    @classmethod
    @abstractmethod
    def read(cls, text: Any) -> Self:
        """The value that `written` wrote. Raises BadRecipe."""

    def written(self) -> Any:
        return str(self)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.written() == self.written()

    def __hash__(self) -> int:
        return hash(self.written())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.written()!r})"


def read(data: object, kind: type[Shape]) -> Shape:
    """What a part of a document says: JSON as parsed, or a `msgspec.Raw` of it. Raises BadDocument."""
    try:
        if isinstance(data, msgspec.Raw):
            return msgspec.json.decode(data, type=kind, dec_hook=_read_text)
        return msgspec.convert(data, kind, dec_hook=_read_text)
    except msgspec.ValidationError as error:
        raise BadDocument(f"{getattr(kind, '__name__', kind)}: {error}") from error


def encoded(value: object, *, sort_keys: bool = False) -> bytes:
    """A value as a document: JSON in ASCII."""
    plain = msgspec.to_builtins(value, enc_hook=_write_text)
    return json.dumps(plain, separators=(",", ":"), sort_keys=sort_keys).encode()


def written(value: object) -> Any:
    """A value as it is when its document is parsed: dicts, lists, texts, numbers."""
    return json.loads(encoded(value))


def written_unnamed(value: object) -> dict[str, Any]:
    """The same of what a document lists by name, and which holds that name itself as well."""
    return {name: said for name, said in written(value).items() if name != "name"}


def _read_text(kind: type[Any], said: object) -> object:
    if not issubclass(kind, Text):
        raise TypeError(f"{kind.__name__} is nothing that a document can hold")
    try:
        return kind.read(msgspec.convert(said, kind.form))
    except BadRecipe as error:
        # Only of a ValueError does msgspec say where in the document it was.
        raise ValueError(str(error)) from error


def _write_text(value: object) -> object:
    if isinstance(value, Text):
        return value.written()
    raise TypeError(f"{type(value).__name__} is nothing that a document can hold")
