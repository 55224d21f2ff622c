"""Stored documents: JSON whose shape is checked as it is read, whoever wrote it and whenever.

A shape is a TypedDict, or a dataclass whose members stand in JSON as they are. A member that it does not name is
ignored, for it is a newer version's; one that it names may be missing, unless it is Required, and then has its default.
One of another type, or out of bounds, is refused: by what is half understood no picture must be made.
"""

from typing import Annotated, Literal, TypeVar

import msgspec

from .errors import BadDocument

Shape = TypeVar("Shape")

#: A side of a picture, in pixels: no file has a longer one, whatever a deployment's own limits. Zero is as none.
Side = Annotated[int, msgspec.Meta(ge=0, le=65_535)] | Literal["orig"] | None
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
Text = Annotated[str, msgspec.Meta(min_length=1)]
Hex = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-fA-F]{6}\Z")]


def read(data: object, shape: type[Shape]) -> Shape:
    """What a part of a document says, as the shape that it has to have. Raises BadDocument."""
    try:
        return msgspec.convert(data, shape)
    except msgspec.ValidationError as error:
        raise BadDocument(f"{shape.__name__}: {error}") from error
