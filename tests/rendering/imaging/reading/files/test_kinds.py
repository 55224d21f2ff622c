"""What kind of file it is, by its first bytes alone."""

import pytest

from rendering.imaging.reading.files.kinds import PROLOG, is_svg, media_type

ROOT = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.mark.parametrize(
    "prolog",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\n\t ",
        b"<?xml version='1.0' encoding='UTF-8'?>\n",
        b"<!-- Generator: A > B --> <!-- <html> -->",
        b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">\r\n',
        b'<!DOCTYPE svg [\n<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n]>',
        b"<?xml-stylesheet href='a.css'?>",
    ],
)
@pytest.mark.parametrize(
    "root", [ROOT, b"<svg\n width='1'>", b"<svg:svg xmlns:svg='http://www.w3.org/2000/svg'>", b"<svg>"]
)
def test_a_document_whose_first_element_is_svg_is_a_drawing(prolog, root):
    assert is_svg(prolog + root)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<",
        b"<svgs>",
        b"svg",
        b"<html><body><svg></svg></body></html>",
        b"<!DOCTYPE html><svg>",
        b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><svg/></html>",
        b"<!-- <svg> -->",
        b"<!-- never ends <svg>",
        b"<?never ends <svg>",
        b"<!DOCTYPE svg [ never ends <svg>",
        b"hello <svg>",
        b"<script/><svg>",
        ROOT.decode().encode("utf-16"),
        b" " * PROLOG + ROOT,
        b"<!---->" * 20_000 + ROOT,
    ],
)
def test_what_only_holds_a_drawing_or_is_cut_off_is_none(content):
    assert not is_svg(content)


@pytest.mark.parametrize("content", [b"", ROOT, b"RIFF\0\0\0\0WAVE", b"GIF8", b"\0\0\0\x18ftypisom\0\0\0\0isommp42"])
def test_what_is_no_picture_has_no_media_type(content):
    assert media_type(content) == ""
