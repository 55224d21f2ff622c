"""Values as users have them, one set for all tests: keys of originals, texts of settings, sizes of windows.

A test of URLs, aliases, ratios, signatures, overlays or focus that takes a key takes all of KEYS.
"""

#: Keys as they are in buckets: in folders, with what URLs, S3 and file systems each treat in a way of their own.
#: Each can be in a folder as well as in S3.
KEYS = (
    "one.jpg",
    "people/astronaut.jpg",
    "profile_images/123/456/image.jpg",
    "team@work/one.jpg",
    "people/one@2x.jpg",
    "@2x/one.jpg",
    "a@b/c@3x/@one@.jpg",
    "two words/and three more.jpg",
    " leading/ and trailing .jpg ",
    "1+1=2/c++.jpg",
    "100%/50%25 off.jpg",
    "%2F/%41.jpg",
    "what?/who#1&2.jpg",
    "a.b/c..d/...jpg",
    "no-extension",
    "müller/größe.jpg",
    "日本/写真 1.jpg",
    "emoji/🦊.jpg",
    "cafe\u0301/decomposed.jpg",
    "(brackets)/[x]{y}.jpg",
    'it\'s/a "quote".jpg',
    "a,b;c/d:e=f!$&*~.jpg",
    "unsafe/300x200/smart/one.jpg",
    "filters:blur(2)/one.jpg",
    "UPPER/Case.JPG",
    "/".join(["folder-of-thirty-two-characters!"] * 30) + "/" + "x" * 30 + ".jpg",  # 1,024 bytes
)
#: Keys that only S3 can have: a file system folds them into others.
ONLY_S3_KEYS = ("a//b.jpg", "/rooted.jpg", "ends/with/", "back\\slash.jpg")

#: What is no key: nobody can ask for it by a URL, so nothing offers it.
NO_KEYS = (
    "",
    "./one.jpg",
    "a/../one.jpg",
    "a/.",
    "..",
    "tab\there.jpg",
    "line\nbreak.jpg",
    "\r\n/one.jpg",
    "nul\0.jpg",
    "c1\x85.jpg",
    "delete\x7f.jpg",
    "no-utf-8-\udcff.jpg",
    "half-an-emoji-\ud83e.jpg",
    "x" * 1025,
    "ü" * 513,
)
#: Names of files that a folder can have and a bucket cannot, as bytes.
ODD_FILES = (
    b"no-utf-8-\xff.jpg",
    b"latin-1-gr\xf6\xdfe.jpg",
    b"tab\there.jpg",
    b"line\nbreak.jpg",
    b"\x01.jpg",
    b"back\\slash.jpg",
)

#: What people put into a setting that holds a secret or a name: each is to be read as it is.
TEXTS = (
    "$ecret-of-sixteen-or-more",
    "${HOME}-is-not-expanded",
    "#hash-at-the-beginning",
    "in the#middle of it all",
    "50%-percent-%41-and-%2F",
    '"double-quoted-in-whole"',
    "'single-quoted-in-whole'",
    "it's-got-one-quote-in-it",
    "back\\slash\\n-and-more-of-it",
    "a=b=c&d,e;f|g>h<i`j`k",
    "größer-als-sechzehn-日本",
)

#: Texts that somebody, or something, may put where people are to read one.
ODD_TEXTS = (
    "",
    " ",
    "  blanks around  ",
    "nul\0in it",
    "bell\x07",
    "escape\x1b[31m",
    "c1\x85",
    "line\nbreak",
    "carriage\rreturn",
    "tab\there",
    "half-an-emoji-\ud83e",
    "right-to-left \u202e",
    "no-break\xa0space",
    "日本 🦊 größer",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} {% now %} %s %(x)s",
    "' OR 1=1 --",
    "x" * 90,
)

#: Widths of windows, in CSS pixels: a phone, a tablet, and the desks of staff.
WIDTHS = (400, 768, 1100, 1280, 1920)
