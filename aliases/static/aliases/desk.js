// The desk: while something is on its way, its part of the page is asked for again, at most every ten seconds.
import "./small-pictures.js";

const PAUSE = 10_000;
const way = document.getElementById("way");

function later() {
    if (way?.querySelector("progress") && !way.querySelector("form")) {
        setTimeout(ask, PAUSE);
    }
}

async function ask() {
    try {
        const response = await fetch(location.pathname, { headers: { Accept: "text/html" } });
        const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("way");
        if (response.ok && fresh) {
            way.replaceChildren(...fresh.childNodes);
        }
    } catch {
        // Offline: what is shown stays, and is asked for again.
    }
    later();
}

later();
