from django.db import models
from imageservice_client.fields import PictureFileField, PictureImageField, PicturesOf


class Person(models.Model):
    name = models.CharField(max_length=100)
    photo = PictureImageField(upload_to="people")
    leaflet = PictureFileField()
    cover = models.CharField(max_length=1024)
    covers = PicturesOf("cover")
    photos = PicturesOf("photo")

    class Meta:
        app_label = "client_tests"

    def __str__(self) -> str:
        return self.name
