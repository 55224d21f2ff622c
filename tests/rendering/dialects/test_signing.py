"""Signatures, as Thumbor's own client makes them."""

from urllib.parse import quote, unquote

import libthumbor
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libthumbor import CryptoURL

from rendering.dialects.signing import Signer, sign, verifies
from rendering.dialects.thumbor import SIGNATURE, is_same_url
from tests.values import TEXTS

KEY = "conformance-key"


@pytest.mark.parametrize(
    ("path", "signature"),
    [
        ("200x/conf/photos/coffee.jpg", "yBOpPwgPwkso2GOBcWMcy9iAf3E="),
        ("200x/conf/names/with%20space.jpg", "CyW_cze1lmOUd05TzY9G8BMRn9c="),
    ],
)
def test_known_signatures(path, signature):
    assert sign(KEY, path) == signature
    assert verifies(signature, path, [KEY])


@pytest.mark.parametrize(
    "options",
    [
        {"width": 300, "height": 200, "smart": True},
        {"fit_in": True, "width": 90, "filters": ["quality(70)", "format(webp)"]},
        {"crop": ((10, 20), (300, 400)), "halign": "left", "flip": True, "width": 10},
        {"meta": True, "trim": True},
    ],
)
@pytest.mark.parametrize("image", ["bucket/a.jpg", "bucket/with space.jpg", "bucket/ü+(1).jpg", "bucket/100%.jpg"])
def test_urls_of_thumbors_client_verify(options, image):
    url = CryptoURL(key=KEY).generate(image_url=quote(image), **options)
    signature, _, path = url.removeprefix("/").partition("/")
    assert SIGNATURE.fullmatch(signature)
    assert verifies(signature, path, [KEY])
    assert not verifies(signature, path, ["another key"])


@pytest.mark.parametrize(
    "key", [*TEXTS, "k\xe9y-of-sixteen-letters", "g\xfcnstig und gr\xf6\xdfer als 16", "\xa7" * 20]
)
def test_any_key_verifies_as_thumbor_and_as_its_client_for_python_encode_it(key):
    path = "300x200/b/ü.jpg"
    signatures = [libthumbor.Signer(key).signature(path).decode()]
    if key.encode("latin-1", "ignore") == key.encode("latin-1", "replace"):  # the client takes no other keys
        signatures.append(CryptoURL(key=key).generate(image_url="b/ü.jpg", width=300, height=200).split("/")[1])
    for signature in signatures:
        assert verifies(signature, path, [key])
        assert not verifies(signature, path, [f"{key}."])


def test_a_signature_over_the_decoded_path_verifies_for_the_encoded_one():
    assert verifies(sign(KEY, "200x/b/ü b.jpg"), "200x/b/%C3%BC%20b.jpg", [KEY])


def test_a_signature_over_letters_that_are_unescaped_beside_escaped_spaces_verifies():
    assert verifies(sign(KEY, "200x/b/ü%20b%25.jpg"), "200x/b/%C3%BC%20b%25.jpg", [KEY])
    assert verifies(sign(KEY, "200x/b/日%20😀.jpg"), "200x/b/%e6%97%a5%20%f0%9f%98%80.jpg", [KEY])
    assert not verifies(sign(KEY, "200x/b/ü%20b%25.jpg"), "200x/b/%C3%BC%20c%25.jpg", [KEY])


@pytest.mark.parametrize(
    ("signed", "other"),
    [
        ("b/a%20b.jpg", "b/a%2520b.jpg"),
        ("b/a%2520b.jpg", "b/a%252520b.jpg"),
        ("b/%C3%BC.jpg", "b/%25C3%25BC.jpg"),
        ("b/x%2Fy.jpg", "b/x%252Fy.jpg"),
        ("300x200/b/a.jpg", "300x200%2Fb/a.jpg"),  # the second names a bucket 300x200
        ("smart/b/a.jpg", "%73mart/b/a.jpg"),
        ("filters:watermark(b/a%2520b.png)/b/a.jpg", "filters:watermark(b/a%252520b.png)/b/a.jpg"),
        ("filters:extract_focal()/b/9x9:20x20/a.jpg", "filters:extract_focal()/b/9x9%3A20x20/a%252e.jpg"),
    ],
)
def test_a_signature_is_of_one_picture(signed, other):
    assert verifies(sign(KEY, signed), signed, [KEY])
    assert verifies(sign(KEY, other), other, [KEY])
    assert not verifies(sign(KEY, signed), other, [KEY])


ESCAPES = st.lists(st.sampled_from(["a", "/", "%", "%25", "%20", " ", "ü", "%C3%BC", "2", "0", "300x200/", "b/"]))


@given(ESCAPES, ESCAPES)
def test_paths_that_one_signature_verifies_are_one_url(one, other):
    signed, path = "".join(one), "".join(other)
    for text in (signed, path, quote(signed), unquote(path)):
        signature = sign(KEY, text)
        verified = [raw for raw in (signed, path, quote(signed), unquote(path)) if verifies(signature, raw, [KEY])]
        assert all(is_same_url(raw, text) for raw in verified)


def test_every_key_verifies_while_clients_change_over():
    assert verifies(sign("old", "x"), "x", ["new", "old"])
    assert not verifies(sign("old", "x"), "x", ["new"])
    assert not verifies(sign("", "x"), "x", [])


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.text())
def test_no_other_text_is_a_signature(given, path):
    assert not verifies(given, path.encode("utf-8", "replace").decode(), [KEY])


@given(st.binary(min_size=1, max_size=30), st.integers(0, 29), st.integers(1, 255))
def test_any_changed_byte_of_the_path_breaks_it(path, position, change):
    raw = quote(path)
    changed = bytearray(path)
    changed[position % len(path)] ^= change
    assert verifies(sign(KEY, raw), raw, [KEY])
    assert not verifies(sign(KEY, raw), quote(bytes(changed)), [KEY])


@pytest.mark.parametrize(
    ("signer", "signature"),
    [
        # Those of `imagorpath.NewHMACSigner(…, "mysecret")`, as its documentation has them or Go prints them.
        (Signer(), "cST4Ko5_FqwT3BDn-Wf4gO3RFSk="),
        (Signer("sha256", 40), "IGEn3TxngivD0jy4uuiZim2bdUCvhcnVi1Nm0xGy"),
    ],
)
def test_signatures_of_imagor_verify(signer, signature):
    path = "500x500/top/raw.githubusercontent.com/cshum/imagor/master/testdata/gopher.png"
    assert sign("mysecret", path, signer) == signature
    assert verifies(signature, path, ["mysecret"], signer)


@pytest.mark.parametrize(
    ("signer", "length", "padding"),
    [
        (Signer(), 28, "="),
        (Signer("sha1", 27), 27, ""),
        (Signer("sha256"), 44, "="),
        (Signer("sha256", 40), 40, ""),
        (Signer("sha256", 88), 44, "="),
        (Signer("sha512"), 88, "=="),
        (Signer("sha512", 87), 87, "="),
    ],
)
def test_a_signature_has_the_form_of_its_algorithm_and_length(signer, length, padding):
    signature = sign(KEY, "300x200/b/ü.jpg", signer)
    assert (len(signature), signer.padding) == (length, padding)
    assert signer.certain(signature) == signer.certain(signature.replace("=", "%3D")) == bool(padding)
    assert signer.possible(signature.rstrip("="))
    assert not signer.possible(f"{signature.rstrip('=')}a")
    assert verifies(signature.replace("=", "%3D"), "300x200/b/%C3%BC.jpg", [KEY], signer)


def test_no_other_algorithm_and_no_other_length_verifies():
    whole, path = sign(KEY, "x", Signer("sha256")), "x"
    assert not verifies(whole, path, [KEY])
    assert not verifies(sign(KEY, path), path, [KEY], Signer("sha256"))
    assert not verifies(whole[:40], path, [KEY], Signer("sha256"))
    assert not verifies(whole, path, [KEY], Signer("sha256", 40))
