// Small copies of originals: rendered by the service when they are first seen, so that some take a moment. Few are asked for at
// once, and none that is no longer on the page: a browser has six connections, and a bucket that hangs would hold them all.
const AT_ONCE = 3;
const AGAIN = 1500; // before the second attempt; before each further one twice as long
const MOST_TRIES = 4;

const wanted = new WeakMap(); // what each place is to show
const waiting = new Set();
const asking = new Map(); // places, each with what cancels its request
const near = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
        if (isIntersecting) {
            near.unobserve(target);
            waiting.add(target);
        }
    }
    goOn();
}, { rootMargin: "200px" });

// Show a picture in a place, once it is near the window. What cannot be shown says why.
export function show(place, url) {
    wanted.set(place, { url, tries: 0 });
    place.classList.add("busy");
    near.observe(place);
}

function goOn() {
    for (const [place, controller] of asking) {
        if (!place.isConnected) {
            controller.abort();
        }
    }
    for (const place of waiting) {
        if (!place.isConnected) {
            waiting.delete(place);
            near.observe(place); // it may come back
        } else if (asking.size < AT_ONCE) {
            waiting.delete(place);
            ask(place);
        }
    }
}

async function ask(place) {
    const controller = new AbortController();
    const want = wanted.get(place);
    asking.set(place, controller);
    want.tries += 1;
    try {
        const response = await fetch(want.url, { headers: { Accept: "image/*, application/json" }, signal: controller.signal });
        if (response.headers.get("Content-Type")?.startsWith("image/")) {
            await draw(place, await response.blob());
        } else {
            await refused(place, want, response.status >= 500, response);
        }
    } catch (error) {
        if (error.name === "AbortError") {
            want.tries -= 1;
            near.observe(place);
        } else {
            await refused(place, want, true);
        }
    }
    asking.delete(place);
    goOn();
}

async function draw(place, blob) {
    const image = Object.assign(new Image(), { alt: "", draggable: false, src: URL.createObjectURL(blob) });
    await image.decode().catch(() => {});
    URL.revokeObjectURL(image.src);
    place.classList.remove("busy");
    place.replaceChildren(image);
}

async function refused(place, want, busy, response) {
    if (busy && want.tries < MOST_TRIES) {
        setTimeout(() => near.observe(place), AGAIN * 2 ** (want.tries - 1));
        return;
    }
    const isJson = response?.headers.get("Content-Type")?.startsWith("application/json");
    const words = (isJson && (await response.json()).message) || "cannot be shown";
    const said = Object.assign(document.createElement("span"), { className: "why", textContent: words });
    place.classList.remove("busy");
    place.classList.add("none");
    place.title = words;
    place.replaceChildren(said);
}

// Those that went from the page are cancelled at once, and not when the next one comes.
new MutationObserver(() => {
    if ([...asking.keys()].some((place) => !place.isConnected)) {
        goOn();
    }
}).observe(document.body, { childList: true, subtree: true });
