"""What can be wrong with a recipe or a picture.

PictureError
├── BadRecipe              the recipe cannot be read or carried out
│   ├── BadArgument        one argument of one filter or field is wrong
│   └── BadDocument        what is stored has not the shape that it has to have
├── UnsupportedFormat      a file of a kind that is not read here (SVG, PDF, EPS, ...)
├── BrokenPicture          the file says it is a picture but cannot be decoded whole
└── TooLarge               decoding or making it would go over a limit

Every message is a sentence for the person who sent the request: it says what was wrong, where, and what would be right,
and holds nothing of the machine. None of these classes knows HTTP; `rendering.http.causes.CAUSES` gives each its
status.
"""


class PictureError(Exception):
    """A picture that cannot be made. The message is public."""

    #: The word that clients can test for, in the JSON of the answer.
    code = "picture_error"


class BadRecipe(PictureError):
    code = "bad_recipe"


class BadArgument(BadRecipe):
    code = "bad_argument"


class BadDocument(BadRecipe, ValueError):
    """The message is for the log: whoever sent the request has not written the document."""

    code = "bad_document"


class UnsupportedFormat(PictureError):
    code = "unsupported_format"


class BrokenPicture(PictureError):
    code = "broken_picture"


class TooLarge(PictureError):
    code = "too_large"
