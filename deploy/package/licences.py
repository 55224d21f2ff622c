"""Under which licences the locked packages are, and which of them are allowed: `make licences`.

    python -m deploy.package.licences FOLDER…     of the packages that are installed in these folders

A licence is an SPDX expression. Newer packages state one; of older ones it is read from the text or the classifiers
that they have in its place, and where these name several, all count.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

#: Licences that ask for no more than to be named. Whatever is under them may be installed, changed and shipped.
ALLOWED = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "HPND", "ISC", "MIT", "MIT-0",
        "MIT-CMU", "PSF-2.0", "Python-2.0", "Unlicense", "Zlib",
    }
)  # fmt: skip
#: Other licences, each of one package, with why it may be used all the same.
EXCEPTIONS = {
    ("certifi", "MPL-2.0"): "copyleft for its own files alone, which are used unchanged",
    ("fido2", "MPL-2.0"): "copyleft for one file of its own, the list of public suffixes, which is used unchanged",
    ("hypothesis", "MPL-2.0"): "tests only; copyleft for its own files alone",
    ("pathspec", "MPL-2.0"): "checks only; copyleft for its own files alone",
    ("pi-heif", "LGPL-3.0-only"): "of libheif and libde265 in its wheel: libraries of their own, which can be replaced",
    ("psycopg", "LGPL-3.0-only"): "imported unchanged, and can be replaced",
    ("psycopg-binary", "LGPL-3.0-only"): "imported unchanged, and can be replaced",
    ("pytest-rerunfailures", "MPL-2.0"): "tests only; copyleft for its own files alone",
    ("qrcode", "LicenseRef-Proprietary"): "its own text is BSD; the classifier is of the name “QR Code”, a trademark",
    ("text-unidecode", "Artistic-1.0-Perl"): "of Zappa, which deploys: it is in no package",
    ("text-unidecode", "GPL-2.0-or-later"): "to be chosen in place of the Artistic License, which suffices",
    ("orjson", "MPL-2.0"): "of checkov, which checks templates; copyleft for its own files alone",
    ("tqdm", "MPL-2.0"): "of Zappa, which deploys: it is in no package",
}
#: Names that are read where they stand, though they are not allowed.
RECOGNISED = frozenset({"AFL-2.1", "MPL-2.0", "LGPL-3.0-only", "GPL-2.0-only", "GPL-3.0-only", "AGPL-3.0-only"})
#: SPDX for what older packages write as their licence, in lower case, or in their classifiers.
SPELT = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache2": "Apache-2.0",
    "artistic license": "Artistic-1.0-Perl",
    "gnu general public license (gpl)": "GPL-2.0-or-later",
    "gnu general public license v2 or later (gplv2+)": "GPL-2.0-or-later",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd license": "BSD-3-Clause",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0-only",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "other/proprietary license": "LicenseRef-Proprietary",
    "psf": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense",
    "zlib/libpng license": "Zlib",
}
#: What an expression is made of: names of licences, words and brackets.
PARTS = re.compile(r"\(|\)|[^\s()]+")
UNKNOWN = "LicenseRef-Unknown"


@dataclass(frozen=True)
class Licensed:
    """A package that is installed, and its licence as an SPDX expression."""

    name: str
    version: str
    licence: str

    @property
    def fault(self) -> str:
        """Which of its licences is not allowed; empty if none."""
        return "" if allowed(self.licence, self.name) else f"{self.name} {self.version}: {self.licence} is not allowed"


def canonical(name: str) -> str:
    """A package's name as the locks have it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def of(distribution: Distribution) -> str:
    """The licence of an installed package, as an SPDX expression."""

    def stated(field: str) -> list[str]:
        return list(map(str, distribution.metadata.get_all(field) or ()))

    if expressions := stated("License-Expression"):
        return expressions[0]
    said = [one.strip() for one in stated("License")]
    said += [one.rpartition("::")[2].strip() for one in stated("Classifier") if one.startswith("License ::")]
    found = dict.fromkeys(licence for text in said if (licence := spelt(text)))
    if len(found) > 1 and "BSD-2-Clause" in found:
        found.pop("BSD-3-Clause", None)  # the classifier is of both
    return " AND ".join(f"({one})" if " OR " in one and len(found) > 1 else one for one in found) or UNKNOWN


def spelt(text: str) -> str:
    """SPDX for a licence as older packages write it; empty if it says nothing."""
    if text.lower() in SPELT:
        return SPELT[text.lower()]
    names = [part for part in PARTS.findall(text) if part not in ("(", ")", "AND", "OR")]
    return text if names and set(names) <= ALLOWED | RECOGNISED else ""


def allowed(expression: str, name: str) -> bool:
    """Whether an SPDX expression is satisfied by licences that are allowed, or excepted for the package.

    A OR B is satisfied by either, A AND B by both; AND binds tighter.
    """
    parts = PARTS.findall(expression)

    def licence() -> bool:
        part = parts.pop(0)
        if part == "(":
            inside = either()
            parts.pop(0)
            return inside
        if parts[:1] == ["WITH"]:  # an exception to a licence gives further rights
            del parts[:2]
        return part in ALLOWED or (name, part) in EXCEPTIONS

    def both() -> bool:
        satisfied = licence()
        while parts[:1] == ["AND"]:
            parts.pop(0)
            satisfied = licence() and satisfied
        return satisfied

    def either() -> bool:
        satisfied = both()
        while parts[:1] == ["OR"]:
            parts.pop(0)
            satisfied = both() or satisfied
        return satisfied

    return either()


def installed(folders: Iterable[Path]) -> Iterator[Licensed]:
    """The packages that are installed in folders, each once, by name."""
    found = {
        canonical(one.name): Licensed(canonical(one.name), one.version, of(one))
        for one in distributions(path=list(map(str, folders)))
    }
    yield from (found[name] for name in sorted(found))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="folders into which packages are installed")
    packages = list(installed(parser.parse_args().folders))
    for one in packages:
        reasons = [why for (name, _), why in EXCEPTIONS.items() if name == one.name]
        sys.stdout.write(
            "".join(f"{part}  " for part in (f"{one.name} {one.version}".ljust(40), one.licence, *reasons))
        )
        sys.stdout.write("\n")
    faults = [one.fault for one in packages if one.fault]
    sys.stdout.write("".join(f"{fault}; deploy/package/licences.py says what is\n" for fault in faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
