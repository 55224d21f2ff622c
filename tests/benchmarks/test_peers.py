import shutil

import pytest

from benchmarks import peers, servers


def test_without_node_a_sentence_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(shutil, "which", lambda *args, **options: None)
    peers.node.cache_clear()
    assert peers.node(peers.HERE / "package.json") is None
    assert capsys.readouterr().out == (
        "sharp is left out: it needs node and npm, of which Debian's packages are nodejs and npm.\n"
    )
    peers.node.cache_clear()


def test_without_nginx_a_sentence_says_what_to_install(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda *args, **options: None)
    with servers.nginx(tmp_path, tmp_path, "one.jpg") as server:
        assert server is None
    assert capsys.readouterr().out == "nginx is left out: it is not installed. Debian's package is nginx.\n"


def test_a_peer_that_cannot_be_installed_ends_in_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(peers, "ROOT", tmp_path)
    monkeypatch.setattr(peers, "PEERS", tmp_path / "build")
    wanted = tmp_path / "nothing.txt"
    wanted.write_text(f"{tmp_path}/no-such-package\n")
    with pytest.raises(SystemExit, match=r"^What nothing\.txt names could not be installed: pip says why, above\.$"):
        peers.python("nothing", wanted)
