// Wherever a key is asked for: a button beside the field opens a dialog in which a picture of the bucket is chosen.
import { Browser } from "./browser.js";
import { button, element } from "./elements.js";
import { get } from "./session.js";

// Let somebody choose pictures of a bucket. Answers a list of keys, with `bucket` being its name; null if nothing is chosen.
// `others` are buckets to choose from: pairs of a number and a name; `urlsOf(number)` gives the URLs of each.
export function pick({ urls, name, title, root = "", prefix, key = "", many = false, others = [], urlsOf }) {
    return new Promise((resolve) => {
        const back = document.activeElement;
        let keys = key ? [key] : [];
        let bucket = name;
        let browser;
        const chosen = element("span.chosen", { role: "status" });
        const use = button("btn primary", "", many ? "Use these pictures" : "Use this picture", () => dialog.close("used"));
        const body = element("div.body");
        const changed = (found) => {
            keys = found;
            use.disabled = !keys.length;
            chosen.replaceChildren(keys.length ? `${keys.length} chosen: ` : "Nothing chosen yet", keys.length ? element("code", {}, keys.at(-1)) : "");
        };
        const dialog = element("dialog.picker", { "aria-labelledby": "picker-title" },
            element("header", {}, element("h2", { id: "picker-title" }, title), buckets(),
                button("btn icon ghost", "x", element("span.visually-hidden", {}, "Close"), () => dialog.close(""))),
            body,
            element("footer", {}, chosen, element("div.acts", {}, button("btn", "", "Cancel", () => dialog.close("")), use)));
        // What happens in it is no change of the form around it.
        for (const happening of ["input", "change", "submit"]) {
            dialog.addEventListener(happening, (event) => event.stopPropagation());
        }
        dialog.addEventListener("close", () => {
            browser.stop();
            dialog.remove();
            back?.focus();
            resolve(dialog.returnValue === "used" && keys.length ? Object.assign(keys, { bucket }) : null);
        });

        function buckets() {
            if (others.length < 2) {
                return "";
            }
            const choice = element("select", { "aria-label": "Bucket", change: () => {
                [urls, bucket] = [urlsOf(choice.value), choice.selectedOptions[0].textContent];
                browser = browse({ root: "", key: "" });
            } }, ...others.map(([number, other]) => element("option", { value: number, selected: other === name }, other)));
            return choice;
        }

        function browse(where) {
            changed(where.key ? [where.key] : []);
            browser?.stop();
            return new Browser(body, { urls, name: bucket, many, changed, use: () => dialog.close("used"), ...where });
        }

        document.getElementById("container").append(dialog);
        dialog.showModal();
        browser = browse({ root, key, prefix: prefix ?? (key.startsWith(root) ? key.slice(0, key.lastIndexOf("/") + 1) : root) });
        browser.search.focus();
    });
}

// The URLs of a bucket, from those that the page has for the bucket with the number 0.
function urlsFrom(pattern, number) {
    return Object.fromEntries(Object.entries(pattern).map(([name, url]) => [name, url.replace("/0/", `/${number}/`)]));
}

const bucket = document.getElementById("id_bucket");

// Django's popups report their choice as an event of Django's own jQuery, which other scripts do not receive. The event also
// fires when the page loads, when nothing changed.
let known = bucket?.value;
window.django?.jQuery?.(bucket).on("change", (event) => {
    const differs = bucket.value !== known;
    known = bucket.value;
    if (differs && !event.originalEvent) {
        bucket.dispatchEvent(new Event("change", { bubbles: true }));
    }
});

const here = () => ({ number: bucket.value, name: bucket.selectedOptions[0]?.textContent ?? "", pattern: JSON.parse(bucket.dataset.browserUrls) });
if (bucket?.dataset.browserUrls) {
    const title = document.getElementById("builder") ? "Choose an original" : "Choose a sample";
    offer(document.getElementById("id_sample"), here, title, () => document.getElementById("id_prefix")?.value ?? "");
    offer(document.getElementById("id_fallback"), here, "Choose a fallback");
}
for (const field of document.querySelectorAll("input[data-browser-urls]")) {
    const pattern = JSON.parse(field.dataset.browserUrls);
    offer(field, () => ({ number: "", name: field.dataset.bucket, pattern }), "Choose a picture");
}

// For a field that names a picture to be laid over those of the form's bucket.
export function offerOverlay(field) {
    if (bucket?.dataset.browserUrls) {
        offer(field, here, "Choose a picture to lay over", () => "", { overlay: true });
    }
}

// `before` says with what all keys begin, which the field leaves out. An overlay is named with its bucket, which may be another.
function offer(field, here, title, before = () => "", { overlay = false } = {}) {
    if (!field) {
        return;
    }
    field.autocomplete = "off";
    const choose = button("btn tiny choose", "pic", "Choose…", open);
    choose.setAttribute("aria-label", `${title}…`);
    field.after(choose);
    const enable = () => (choose.disabled = bucket !== null && !bucket.value);
    bucket?.addEventListener("change", enable);
    enable();

    async function open() {
        const { number, name, pattern } = here();
        const urlsOf = (one) => urlsFrom(pattern, one);
        const more = overlay ? { others: await overlaysOf(urlsOf(number)), urlsOf } : {};
        const root = before();
        const key = overlay ? "" : field.value && root + field.value;
        const found = await pick({ urls: urlsOf(number), name, title, root, key, ...more });
        if (found) {
            field.value = overlay ? encoded(`${found.bucket}/${found[0]}`) : found[0].slice(root.length);
            field.dispatchEvent(new Event("input", { bubbles: true }));
            field.dispatchEvent(new Event("change", { bubbles: true }));
        }
    }
}

// A path as it stands in the text of filters, where brackets, commas and spaces have a meaning.
function encoded(path) {
    return encodeURIComponent(path).replaceAll("%2F", "/").replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

// The buckets of which pictures may be laid over those of a bucket, itself included.
async function overlaysOf(urls) {
    try {
        return (await (await get(`${urls.keys}?prefix=${encodeURIComponent("..")}`)).json()).overlays ?? [];
    } catch {
        return [];
    }
}
