// The page of a bucket's pictures: its browser, and its sample set below.
import { Browser } from "./browser.js";
import { button, element, sign } from "./elements.js";
import { SampleSet } from "./sample-set.js";

const place = document.getElementById("browser");
const said = JSON.parse(document.getElementById("browser-data").textContent);
const query = new URLSearchParams(location.search);
const key = query.get("key") ?? "";
const set = new SampleSet(document.getElementById("sample-set"), said, (shown) => browser.choose(shown));
const browser = new Browser(place, {
    urls: said.urls,
    name: said.bucket,
    key,
    prefix: query.get("prefix") ?? key.slice(0, key.lastIndexOf("/") + 1),
    actions,
});
document.getElementById("id_other_bucket")?.addEventListener("change", (event) => location.assign(event.target.value));

// The buttons below a picture's facts; `facts` is empty until they are there.
function actions(key, facts) {
    const found = [];
    if (said.pins) {
        const pinned = set.isPinned(key);
        found.push(button(pinned ? "btn" : "btn primary", "pin", pinned ? "Take out of the sample set" : "Pin to the sample set", async (event) => {
            event.target.disabled = true;
            await set.change(pinned ? { out: key } : { pin: key });
            browser.tell(key);
        }));
    }
    if (facts.focus) {
        found.push(element("a.btn", { href: facts.focus }, sign("focus"), "Focus and faces…"));
    }
    found.push(button("btn", "copy", "Copy key", async (event) => {
        const pressed = event.currentTarget;
        await navigator.clipboard.writeText(key);
        pressed.lastChild.textContent = "Copied";
        setTimeout(() => (pressed.lastChild.textContent = "Copy key"), 2000);
    }));
    if (said.alias) {
        const url = `${said.alias}?${new URLSearchParams({ bucket: place.dataset.bucket, sample: key })}`;
        found.push(element("a.btn", { href: url }, sign("plus"), "New alias with it"));
    }
    return found;
}
