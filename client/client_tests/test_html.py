"""Tags, fields, serializers and thumbnails: what they write, and that nothing is opened for it."""

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString
from imageservice_client import Picture
from imageservice_client.admin import thumbnail
from imageservice_client.serializers import PictureField
from rest_framework import serializers

from .models import Person


@pytest.fixture
def ann(listed):
    return Person(name='Ann "A" <b>', photo="people/ann (1).jpg", leaflet="ann.pdf", cover="covers/1.jpg")


def rendered(text, **context):
    return Template("{% load imageservice %}" + text).render(Context(context))


def test_the_tags_write_urls_and_images(ann, listed):
    assert rendered('{% alias_url "hero" ann.photo %}', ann=ann) == f"{listed.url}/hero/people/ann%20%281%29.jpg"
    assert rendered('{% alias_url "hero" "a&b.jpg" ratio=2 %}') == f"{listed.url}/hero@2x/a%26b.jpg"
    url = f"{listed.url}/hero"
    assert rendered('{% picture "hero" "one.jpg" alt=ann.name class="wide" data_id=7 %}', ann=ann) == (
        f'<img src="{url}/one.jpg" srcset="{url}/one.jpg 1x, {url}@1.5x/one.jpg 1.5x, {url}@2x/one.jpg 2x"'
        ' width="1200" height="400" alt="Ann &quot;A&quot; &lt;b&gt;" loading="lazy" decoding="async" class="wide"'
        ' data-id="7">'
    )


def test_with_sizes_the_widths_take_the_place_of_the_ratios(listed):
    url = f"{listed.url}/hero"
    assert rendered('{% alias_url "hero" "a&b.jpg" width=640 %}') == f"{url}@640w/a%26b.jpg"
    by_width = f'srcset="{url}@320w/one.jpg 320w, {url}@640w/one.jpg 640w, {url}/one.jpg 1200w" sizes="50vw"'
    assert rendered('{% picture "hero" "one.jpg" sizes="50vw" %}').startswith(f'<img src="{url}/one.jpg" {by_width} ')
    assert "sizes" not in rendered('{% picture "whole" "one.jpg" sizes="50vw" %}')
    (source,) = rendered('{% picture "hero" "one.jpg" sizes="50vw" sources="hero-avif" %}').split("<img")[:1]
    by_width = f'srcset="{url}-avif@640w/one.jpg 640w, {url}-avif/one.jpg 1200w" sizes="50vw"'
    assert source == f'<picture><source type="image/avif" {by_width}>'


def test_attributes_can_be_left_out_and_what_there_is_not_writes_nothing(ann, listed):
    written = rendered('{% picture "whole" "one.jpg" loading=None fetchpriority="high" %}')
    assert written == f'<img src="{listed.url}/whole/one.jpg" alt="" decoding="async" fetchpriority="high">'
    for nothing in ("", None, Person().photo):
        assert rendered('{% picture "hero" key %}{% alias_url "hero" key %}', key=nothing) == ""
    assert rendered('{% picture "hero" "one.jpg" alt=None %}').count('alt=""') == 1


def test_other_aliases_are_the_sources_of_a_picture(listed):
    written = Picture("hero", "one.jpg").html(sources="hero-avif whole unknown", class_="wide")
    url = f"{listed.url}/hero-avif"
    assert written.startswith(
        f'<picture><source type="image/avif" srcset="{url}/one.jpg 1x, {url}@2x/one.jpg 2x"><img src='
    )
    assert written.endswith(' class="wide"></picture>')
    assert isinstance(written, SafeString)


def test_a_hostile_key_or_alias_stays_in_its_attribute(listed):
    written = Picture('"><script>', '"><script>alert(1)</script>').html(alt='"><script>')
    assert "<script>" not in written


def test_fields_have_their_pictures(ann, listed):
    assert str(ann.photo.alias.hero) == f"{listed.url}/hero/people/ann%20%281%29.jpg"
    assert ann.photo.alias["profile-image/ios"].width == 90
    assert str(ann.leaflet.alias.whole) == f"{listed.url}/whole/ann.pdf"
    assert ann.covers.hero.srcset.startswith(f"{listed.url}/hero/covers/1.jpg 1x, ")
    assert ann.photos.hero == ann.photo.alias.hero
    shown = rendered("{{ ann.photo.alias.hero.html }} {{ ann.covers.hero }}", ann=ann)
    assert shown.endswith(f" {listed.url}/hero/covers/1.jpg")
    assert shown.startswith("<img src=")
    assert not Person().photo.alias
    assert not Person().covers.hero
    assert Person.covers.field == "cover"


def test_a_serializer_has_them(ann, listed):
    class PersonSerializer(serializers.Serializer):
        hero = PictureField("hero", source="photo")
        cover = PictureField("whole")

    assert PersonSerializer(ann).data == {
        "hero": {
            "url": ann.photo.alias.hero.url,
            "srcset": ann.photo.alias.hero.srcset,
            "srcset_by_width": ann.photo.alias.hero.srcset_by_width,
            "width": 1200,
            "height": 400,
        },
        "cover": {
            "url": f"{listed.url}/whole/covers/1.jpg",
            "srcset": "",
            "srcset_by_width": "",
            "width": None,
            "height": None,
        },
    }
    assert PersonSerializer(Person()).data == {"hero": None, "cover": None}


def test_a_thumbnail_is_a_column_of_the_admin(ann):
    column = thumbnail("profile-image/ios", "photo")
    assert column.short_description == "photo"
    assert 'width="90"' in column(ann)
    assert column(Person()) == ""
