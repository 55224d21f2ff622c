import pytest

from deploy.package.binaries import orphans, wrong_with


def elf(machine: int, *strings: str) -> bytes:
    """The beginning of a 64-bit ELF file for that CPU, and the strings in it."""
    return b"\x7fELF\x02\x01\x01" + bytes(11) + machine.to_bytes(2, "little") + "\0".join(("", *strings, "")).encode()


@pytest.mark.parametrize(("machine", "architecture"), [(62, "x86_64"), (183, "arm64")])
def test_a_file_for_the_right_cpu_and_c_library_is_fine(machine, architecture):
    assert wrong_with(elf(machine, "GLIBC_2.2.5", "GLIBC_2.34"), architecture, (2, 34)) == ""


@pytest.mark.parametrize(("machine", "architecture"), [(183, "x86_64"), (62, "arm64"), (3, "x86_64")])
def test_a_file_for_another_cpu_is_told(machine, architecture):
    assert f"not for {architecture}" in wrong_with(elf(machine), architecture, (2, 34))


def test_a_file_that_needs_a_newer_c_library_is_told():
    assert wrong_with(elf(62, "GLIBC_2.2.5", "GLIBC_2.38"), "x86_64", (2, 34)) == (
        "needs glibc 2.38, and the runtime has 2.34"
    )


def test_what_is_no_elf_file_is_nobodys_business():
    assert wrong_with(b"GLIBC_2.99", "x86_64", (2, 34)) == ""


def test_libraries_that_nothing_loads_are_orphans_also_where_they_load_each_other():
    entries = {
        "PIL/_imaging.so": elf(62, "libjpeg-1.so"),
        "pillow.libs/libjpeg-1.so": elf(62, "libdeep-1.so"),
        "pillow.libs/libdeep-1.so": elf(62),
        "pillow.libs/libone-1.so": elf(62, "libother-1.so"),
        "pillow.libs/libother-1.so": elf(62, "libone-1.so"),
        "PIL/Image.py": b"libone-1.so",
    }
    assert orphans(entries) == ["pillow.libs/libone-1.so", "pillow.libs/libother-1.so"]
