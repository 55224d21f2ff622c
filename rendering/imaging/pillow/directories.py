"""Directories of tags, in EXIF and in TIFFs, of which Pillow would make an object for each tag and each number."""

from typing import IO, Any

from PIL import TiffImagePlugin
from PIL.TiffImagePlugin import ImageFileDirectory_v2

#: The most tags of a directory that are read: cameras write some fifty, microscopes a few hundred. They are in order,
#: and those that are read here are among the first. TIFFs of more are refused.
TAGS = 1_000
#: The types of fractions, and the most bytes of them that are a value: Pillow makes an object of each.
FRACTIONS, LONGEST = (5, 10), 1024


class Directory(ImageFileDirectory_v2):
    """A directory of no more than TAGS tags. A tag of too many fractions has no value.

    Pillow 13.0, TiffImagePlugin.py: `load` calls `_ensure_read` for the number of tags and for each of them, and keeps
    what it has read when that raises OSError.
    """

    _reads = 0

    def load(self, fp: IO[bytes]) -> None:
        self._reads = 0
        super().load(fp)

    def _ensure_read(self, fp: IO[bytes], size: int) -> bytes:
        self._reads += 1
        if self._reads > 1 + TAGS:
            raise OSError(f"Ignored all but the first {TAGS} tags of a directory")
        return super()._ensure_read(fp, size)

    def __getitem__(self, tag: int) -> Any:
        if self.tagtype.get(tag) in FRACTIONS and len(self._tagdata.get(tag, b"")) > LONGEST:
            raise KeyError(tag)
        return super().__getitem__(tag)


TiffImagePlugin.ImageFileDirectory_v2 = Directory  # type: ignore[misc]  # in place of Pillow's own
