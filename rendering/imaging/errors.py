"""What can be wrong with a recipe or a picture.

PictureError
├── BadRecipe              the recipe cannot be read or carried out
│   ├── BadArgument        one argument of one filter or field is wrong
│   └── BadDocument        a stored document does not have the declared types
├── UnsupportedFormat      the file's format is not read here (SVG, PDF, EPS, ...)
├── BrokenPicture          the file is a picture, but cannot be decoded completely
└── TooLarge               decoding or rendering it would exceed a limit
    └── TooCostly          it took more time or memory than a picture may, and was ended

Every message is a sentence for the person who sent the request. It says what was wrong, where, and what would be right,
and nothing about the machine. These classes know no HTTP: `rendering.http.causes.CAUSES` gives each its status.
"""


class PictureError(Exception):
    """A picture that cannot be rendered. The message is public."""

    #: The word that clients can test for, in the JSON of the response.
    code = "picture_error"


class BadRecipe(PictureError):
    code = "bad_recipe"


class BadArgument(BadRecipe):
    code = "bad_argument"


class BadDocument(BadRecipe, ValueError):
    """The message is for the log, since the person who sent the request did not write the document."""

    code = "bad_document"


class UnsupportedFormat(PictureError):
    code = "unsupported_format"


class BrokenPicture(PictureError):
    code = "broken_picture"


class TooLarge(PictureError):
    code = "too_large"


class TooCostly(TooLarge):
    code = "too_costly"


def errors_by_code() -> dict[str, type[PictureError]]:
    """The classes of errors, each by its code."""
    found, classes = {}, [PictureError]
    while classes:
        one = classes.pop()
        found[one.code] = one
        classes += one.__subclasses__()
    return found
