"""What axe finds on a page that keeps people from using it."""

from pathlib import Path

import axe_core_python  # type: ignore[import-untyped]

from tests.aliases.browser.chromium import Browser

AXE = Path(axe_core_python.__file__).with_name("axe.min.js").read_text()
#: Ends what moves; of what turns for ever, the beginning is shown.
AT_REST = """
    for (const animation of document.getAnimations()) {
        animation.effect.getComputedTiming().endTime === Infinity ? animation.cancel() : animation.finish();
    }
"""
#: Of a colour scheme beyond the first only what its colours decide is looked at.
RULES = {"light": None, "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def serious(browser: Browser, scheme: str) -> list[str]:
    """What axe finds on the page in a colour scheme."""
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    # Links change their colours slowly.
    browser.driver.execute_script(AT_REST)
    options = {"resultTypes": ["violations"], "preload": False, **({"runOnly": RULES[scheme]} if RULES[scheme] else {})}
    result = browser.driver.execute_async_script("axe.run(document, arguments[0]).then(arguments[1]);", options)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    return [
        f"{rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in result["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
