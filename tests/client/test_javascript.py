"""The client for JavaScript, in node and in Chromium, against the service as it runs."""

import functools
import http.server
import os
import shutil
import subprocess
import threading

import pytest

from tests.aliases.browser.chromium import LOOKS_AT_PAGES, started
from tests.running import ROOT
from tests.values import KEYS

JS = ROOT / "client/js"
NEEDS_CHROMIUM = LOOKS_AT_PAGES[1]


def test_in_node(environment):
    node = shutil.which("node")
    if not node and not os.environ.get("REQUIRE_NODE"):
        pytest.skip("node is not installed; REQUIRE_NODE=1 makes this a failure")
    assert node
    env = {"PATH": os.environ["PATH"], **environment}
    done = subprocess.run([node, "--test", "test.mjs"], cwd=JS, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 6" in done.stdout
    assert "# skipped 0" in done.stdout


#: Shows the picture of each key, by the list of aliases and by a signed URL. Ends with those that are none.
SHOW = """
const [base, keys, secret, done] = arguments;
import("/index.js").then(async ({ attributes, quote, sign }) => {
  const list = await (await fetch(`${base}/-/aliases.json`)).json();
  const shows = (given) => new Promise((settle) => {
    const image = Object.assign(new Image(), given);
    image.onload = () => settle(image.naturalWidth === image.width);
    image.onerror = () => settle(false);
  });
  const missing = [];
  for (const key of keys) {
    const signed = { src: await sign(base, `30x20/photos/${quote(key)}`, secret), width: 30 };
    for (const given of [attributes(base, "pictures", key, list), signed]) {
      if (!(await shows(given))) missing.push(given.src);
    }
  }
  done(missing);
}).catch((error) => done([String(error)]));
"""


@pytest.fixture
def page(tmp_path):
    """A page of another site, which has the module."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Another site</title>")
    shutil.copy(JS / "index.js", tmp_path)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@NEEDS_CHROMIUM
def test_in_chromium_on_another_site(environment, page):
    driver = started()
    try:
        driver.set_script_timeout(60)
        driver.get(page)
        assert driver.execute_async_script(SHOW, environment["SERVICE"], list(KEYS), environment["SECURITY_KEY"]) == []
    finally:
        driver.quit()
