// Small copies of originals: rendered by the service when they are first seen, so that some take a moment.
const AGAIN = 1500;
const MOST_TRIES = 4;

// Show a picture in a place, once it is near the window. What cannot be shown says why.
export function show(place, url, tries = 1) {
    const image = new Image();
    image.loading = "lazy";
    image.alt = "";
    image.decoding = "async";
    image.draggable = false;
    place.classList.add("busy");
    image.addEventListener("load", () => place.classList.remove("busy"));
    image.addEventListener("error", () => tell(place, image, url, tries));
    image.src = tries > 1 ? `${url}&again=${tries}` : url; // a failure may be kept by the browser
    place.replaceChildren(image);
}

async function tell(place, image, url, tries) {
    let words = "cannot be shown";
    let busy = true;
    try {
        const response = await fetch(url, { headers: { Accept: "application/json" } });
        busy = response.ok || response.status >= 500;
        if (response.headers.get("Content-Type")?.startsWith("application/json")) {
            words = (await response.json()).message ?? words;
        }
    } catch {
        // the service is away
    }
    if (!place.contains(image)) {
        return;
    }
    if (busy && tries < MOST_TRIES) {
        setTimeout(() => show(place, url, tries + 1), AGAIN);
        return;
    }
    place.classList.remove("busy");
    place.classList.add("none");
    place.title = words;
    const said = document.createElement("span");
    said.className = "why";
    said.textContent = words;
    place.replaceChildren(said);
}
