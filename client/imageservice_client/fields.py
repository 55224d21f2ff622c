"""Fields of models, and what gives any model that holds a key its pictures. None of them opens a file."""

from typing import Any

from django.db import models
from django.db.models.fields.files import FieldFile, ImageFieldFile

from .picture import Pictures


class HasPictures:
    """A file of a field, with its pictures: `person.photo.alias.hero`."""

    name: str | None

    @property
    def alias(self) -> Pictures:
        return Pictures(self.name or "")


class PictureFieldFile(HasPictures, FieldFile):
    pass


class PictureImageFieldFile(HasPictures, ImageFieldFile):
    pass


class PictureFileField(models.FileField):
    """A FileField whose files have pictures. Its storage is the bucket that the aliases read."""

    attr_class = PictureFieldFile


class PictureImageField(models.ImageField):
    """An ImageField whose files have pictures."""

    attr_class = PictureImageFieldFile


class PicturesOf:
    """For a model that keeps a key in a field of text, or in another FileField:

    class Person(models.Model):
        photo = models.CharField(max_length=1024)
        pictures = PicturesOf("photo")

    `person.pictures.hero` is then a Picture.
    """

    def __init__(self, field: str) -> None:
        self.field = field

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        held = getattr(instance, self.field)
        return Pictures((held.name if isinstance(held, FieldFile) else held) or "")
