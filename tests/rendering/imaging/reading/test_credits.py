"""Who made a picture: kept where that is asked for, and nothing else with it."""

import pytest
from PIL import ExifTags, Image, PngImagePlugin, TiffImagePlugin

from ..pictures import gradient, made, saved, shown

ARTIST, COPYRIGHT = "Ansel Ädams", "© 2026 Ädams, all rights reserved"
XMP = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description><dc:title>SECRET</dc:title>
<dc:creator><rdf:Seq><rdf:li>{ARTIST}</rdf:li><rdf:li>B &amp; C</rdf:li></rdf:Seq></dc:creator>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{COPYRIGHT}</rdf:li></rdf:Alt></dc:rights>
</rdf:Description></rdf:RDF></x:xmpmeta>""".encode()


def exif(artist=ARTIST, copyright_=COPYRIGHT):
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = artist.encode()
    exif[ExifTags.Base.Copyright] = copyright_.encode()
    exif[ExifTags.Base.Model] = "SECRET camera"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (52.0, 31.0, 12.0), 29: "SECRET date"})
    return exif


def iptc(**datasets):
    """A Photoshop block with IPTC datasets of record 2, as cameras and agencies write it into JPEGs."""
    by_lines = ((80, name) for name in datasets["by_line"].split(b", "))  # IPTC repeats the dataset for each name
    body = b"".join(
        b"\x1c\x02" + bytes([number]) + len(text).to_bytes(2, "big") + text
        for number, text in (*by_lines, (116, datasets["notice"]), (120, b"SECRET caption"))
    )
    resource = b"8BIM\x04\x04\0\0" + len(body).to_bytes(4, "big") + body + b"\0" * (len(body) % 2)
    segment = b"Photoshop 3.0\0" + resource
    content = saved(gradient(), "JPEG")
    return content[:2] + b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment + content[2:]


def named(derivative):
    """Artist and copyright in the EXIF of a derivative, as the bytes that they are."""
    exif = shown(derivative).getexif()
    assert set(exif) <= {ExifTags.Base.Artist, ExifTags.Base.Copyright}
    return [exif.get(tag, "").encode("latin-1").decode() for tag in (ExifTags.Base.Artist, ExifTags.Base.Copyright)]


@pytest.mark.parametrize("to", ["jpeg", "png", "webp", "avif"])
@pytest.mark.parametrize("pillow", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "HEIF"])
def test_the_names_in_exif_are_kept_in_every_format_that_has_room(pillow, to):
    derivative = made(saved(gradient(), pillow, exif=exif()), "keep_copyright()", to=to, width=60)
    assert named(derivative) == [ARTIST, COPYRIGHT]
    assert b"SECRET" not in derivative.content


def test_an_animation_keeps_them():
    frames = [gradient(), gradient().rotate(90)]
    content = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], exif=exif())
    derivative = made(content, "keep_copyright()", to="webp")
    assert derivative.frames == 2
    assert named(derivative) == [ARTIST, COPYRIGHT]


def test_gif_has_no_room_for_them():
    assert b"dams" not in made(saved(gradient(), "JPEG", exif=exif()), "keep_copyright()", to="gif").content


def test_without_the_filter_they_are_left_out():
    assert named(made(saved(gradient(), "JPEG", exif=exif()), to="jpeg")) == ["", ""]


@pytest.mark.parametrize("artists", [ARTIST, f"{ARTIST}, B & C"])
def test_iptc_stands_in_for_exif(artists):
    content = iptc(by_line=artists.encode(), notice=COPYRIGHT.encode())
    derivative = made(content, "keep_copyright()", to="jpeg")
    assert named(derivative) == [artists, COPYRIGHT]
    assert b"SECRET" not in derivative.content


@pytest.mark.parametrize("pillow", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_xmp_stands_in_for_both(pillow):
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    content = saved(gradient(), pillow, **({"pnginfo": info} if pillow == "PNG" else {"xmp": XMP}))
    derivative = made(content, "keep_copyright()", to="jpeg")
    assert named(derivative) == [f"{ARTIST}, B & C", COPYRIGHT]
    assert b"SECRET" not in derivative.content


def test_a_notice_longer_than_anyone_reads_is_cut():
    derivative = made(saved(gradient(), "JPEG", exif=exif(copyright_="x" * 30_000)), "keep_copyright()", to="jpeg")
    assert named(derivative) == [ARTIST, "x" * 1000]


@pytest.mark.parametrize(
    "xmp", [b"<dc:rights>" * 20_000, b"<dc:creator><rdf:li" * 5_000, b"\xff\0<dc:rights></dc:rights>"]
)
def test_nonsense_names_nobody(xmp):
    assert named(made(saved(gradient(), "WEBP", xmp=xmp), "keep_copyright()", to="jpeg")) == ["", ""]


def test_iptc_and_xmp_of_megabytes_name_nobody_behind_what_is_read_of_them():
    field = b"\x1c\x02\x50" + len(ARTIST.encode()).to_bytes(2, "big") + ARTIST.encode()
    named_first = TiffImagePlugin.ImageFileDirectory_v2()
    for times, artist in ((1, ARTIST), (5000, "")):
        named_first[33723] = field * times
        content = saved(gradient(), "TIFF", tiffinfo=named_first)
        assert named(made(content, "keep_copyright()", to="jpeg"))[0].split(", ")[0] == artist
    xmp = b"<dc:creator><rdf:li>" + b"x" * 2_000_000 + b"</rdf:li></dc:creator>"
    assert named(made(saved(gradient(), "WEBP", xmp=xmp), "keep_copyright()", to="jpeg")) == ["", ""]
