"""The CPU and C library that a compiled file needs, read from its header.

Layout: the ELF-64 object file format, the e_machine field at byte 18. Versions of the C library are in the strings that
the linker looks up, such as GLIBC_2.28.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

#: e_machine, by Lambda's name for the CPU.
MACHINES = {"x86_64": 62, "arm64": 183}
NAMES = {3: "32-bit x86", 40: "32-bit ARM", 62: "x86_64", 183: "arm64"}


def wrong_with(content: bytes, architecture: str, glibc: tuple[int, int]) -> str:
    """Why a file will not load on that CPU with that C library; empty if it will, or is not an ELF file."""
    if content[:4] != b"\x7fELF":
        return ""
    machine = int.from_bytes(content[18:20], "little")
    if machine != MACHINES[architecture]:
        return f"is for {NAMES.get(machine, f'CPU {machine}')}, not for {architecture}"
    needed = max((tuple(map(int, found)) for found in re.findall(rb"GLIBC_(\d+)\.(\d+)", content)), default=(0, 0))
    if needed > glibc:
        return f"needs glibc {needed[0]}.{needed[1]}, and the runtime has {glibc[0]}.{glibc[1]}"
    return ""


def orphans(entries: Mapping[str, bytes]) -> list[str]:
    """Libraries bundled with wheels (in `….libs/`) that no module loads, directly or through another library.

    auditwheel gives them unique names, so searching binaries for the name is enough.
    """
    libraries = {name for name, content in entries.items() if ".libs/" in name and content[:4] == b"\x7fELF"}
    asking = [content for name, content in entries.items() if content[:4] == b"\x7fELF" and name not in libraries]
    while asking:
        content = asking.pop()
        for name in {one for one in libraries if PurePosixPath(one).name.encode() in content}:
            libraries.remove(name)
            asking.append(entries[name])
    return sorted(libraries)
