"""What the docs point to is there: files, headings, the rooms, the rights, what `make` offers."""

import re

import pytest

from tests.docs import markdown
from tests.tracked import ROOT, tracked

LINKS = sorted({(block.page, link) for block in markdown.everything() for link in block.links})
OURS = [(page, link) for page, link in LINKS if "://" not in link]


def anchors(page: str) -> set[str]:
    """The names that GitHub gives to the headings of a page."""
    headings = [block.text for block in markdown.blocks(page) if block.prose and block.text.startswith("#")]
    words = [re.sub(r"[^\w\- ]", "", heading.lstrip("# ").splitlines()[0].lower()) for heading in headings]
    return {word.replace(" ", "-") for word in words}


@pytest.mark.parametrize(("page", "link"), OURS)
def test_every_link_of_the_docs_leads_somewhere(page, link):
    path, _, anchor = link.partition("#")
    target = (ROOT / page).parent / path if path else ROOT / page
    assert target.exists(), f"{page}: {link}"
    if anchor:
        assert anchor in anchors(str(target.resolve().relative_to(ROOT))), f"{page}: {link}"


@pytest.mark.parametrize(("page", "link"), [one for one in LINKS if one not in OURS])
def test_links_to_others_are_encrypted(page, link):
    assert link.startswith("https://"), page


#: How far the names of files are indented at most.
DEEPEST = 12


def test_every_room_of_the_architecture_is_there_and_every_file_in_it():
    block = next(block for block in markdown.blocks("docs/architecture.md") if block.language == "text")
    folders: list[tuple[int, str]] = []
    looked_at = 0
    for line in block.text.splitlines():
        indent = len(line) - len(line.lstrip())
        if indent > DEEPEST:
            continue  # more of what is said of the line before
        folders = [(deep, folder) for deep, folder in folders if deep < indent]
        # The names stand in front of what is said of them, two spaces or more apart.
        for name in re.split(r",\s*", re.split(r"\s{2,}", line.strip())[0]):
            path = "".join(folder for _, folder in folders) + name
            assert (ROOT / path).exists(), path
            looked_at += 1
        if name.endswith("/"):
            folders.append((indent, name))
    assert looked_at > 20


def test_every_folder_of_code_is_a_room_of_the_architecture():
    block = next(block for block in markdown.blocks("docs/architecture.md") if block.language == "text")
    rooms = {name.split("/")[0] for name in tracked("*/__init__.py")}
    assert rooms - {"tests", "docs", "benchmarks", "client"} <= set(re.findall(r"^(\w+)/", block.text, re.MULTILINE))


FILES = re.compile(r"(?:[\w-]+/)+[\w.-]*\w\.(?:py|md|mjs|js|yaml|json|txt|toml|sh)")


NAMED = sorted(
    {
        (block.page, code)
        for block in markdown.everything()
        for code in block.code
        if FILES.fullmatch(code) and not code.startswith("build/")
    }
)


@pytest.mark.parametrize(("page", "name"), NAMED)
def test_every_file_that_is_named_is_there(page, name):
    """From the checkout's folder, or from the room that is spoken of."""
    assert [path for path in tracked() if f"/{path}".endswith(f"/{name}")], page


def test_every_right_whose_want_is_explained_is_one_of_the_policies():
    source = (ROOT / "aliases/aws/iam.py").read_text()
    rows = markdown.table("docs/running.md", "Rights on AWS")
    explained = [name for row in rows for name in re.findall(r"`([A-Z]\w+)`", row[0])]
    assert explained
    for sid in explained:
        assert f'"{sid}"' in source, sid
