// The form of an alias: help that opens, folds that say what is in them, fields that do not matter hidden, native inputs
// for numbers and colours, and the bar with its keys. Without it, everything stands open.
import { addColour, addRange } from "./native.js";
import "./nine.js";

const form = document.getElementById("alias_form");
const QUALITIES = { jpeg: ["jpeg", "auto", "original"], webp: ["webp", "auto", "original"], avif: ["avif", "auto", "original"] };
const YEAR = 31536000;

const text = (name) => {
    const fields = [...form.querySelectorAll(`[name="${name}"]`)];
    return (fields.find((field) => field.type === "radio" && field.checked) ?? (fields[0]?.type === "radio" ? null : fields[0]))?.value ?? "";
};
const row = (name) => form.querySelector(`.form-row.field-${name}`);

if (form?.querySelector(".fields-card")) {
    start();
}

function start() {
    helpOpens();
    for (const field of form.querySelectorAll('input:is([name="jpeg_quality"], [name="webp_quality"], [name="avif_quality"])')) {
        field.placeholder = "default";
        addRange(field, row(field.name).querySelector("label").textContent.trim(), { usual: field.name === "avif_quality" ? 60 : 80 });
    }
    for (const field of form.querySelectorAll('input[name="background"]')) {
        addColour(field, "Background");
    }
    keys();
    // Of whoever may only look, the fields are words already.
    const writable = Boolean(form.querySelector(".fields-card [name]"));
    const refresh = () => {
        if (!writable) {
            return;
        }
        hideWhatDoesNotMatter();
        summarize();
        const saved = document.getElementById("saved");
        saved?.replaceChildren(edited() ? "Not saved yet" : saved.dataset.calm);
    };
    for (const happening of ["input", "change"]) {
        form.addEventListener(happening, refresh);
    }
    refresh();
    if (text("filters")) {
        form.querySelector('[data-fold="Filters"]')?.setAttribute("open", "");
    }
    document.getElementById("sheet")?.addEventListener("sheet:done", ({ detail }) => {
        const problems = document.getElementById("problems");
        problems?.replaceChildren(detail.problems);
        problems?.classList.toggle("bad-ink", detail.bad > 0);
        showWorst(detail);
    });
}

function showWorst({ worst, findings, problems }) {
    const strip = form.querySelector(".worst");
    if (!strip) {
        return;
    }
    const image = strip.querySelector("img");
    if (worst.shown) {
        image.src = worst.element.querySelector(".draft img").src;
        image.alt = `${worst.key}, by the draft`;
    } else {
        image.removeAttribute("src");
        image.alt = "";
    }
    const finding = findings.find(({ key, level }) => key === worst.key && level !== "plain");
    strip.querySelector("p").replaceChildren(Object.assign(document.createElement("b"), { textContent: finding?.badge ?? "All is well" }), document.createElement("br"), problems);
}

// Help stays open once it is asked for.
function helpOpens() {
    for (const button of form.querySelectorAll("[data-help]")) {
        const help = document.getElementById(button.dataset.help);
        button.addEventListener("click", () => {
            help.hidden = !help.hidden;
            button.setAttribute("aria-expanded", String(!help.hidden));
        });
    }
}

function keys() {
    document.addEventListener("keydown", (event) => {
        if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) {
            return;
        }
        const name = { s: "_continue", Enter: "_publish" }[event.key];
        const button = name && form.querySelector(`[type=submit][name=${name}]`);
        if (button) {
            event.preventDefault();
            form.requestSubmit(button);
        }
    });
}

// A field with something in it, or an error, is never hidden.
function hideWhatDoesNotMatter() {
    const cuts = text("fit") === "cover" && Boolean(text("width") && text("height"));
    const format = text("format");
    hide("crop", !cuts && text("crop") === "center");
    hide("focal_box", text("crop") !== "focal" && !text("focal_box"));
    for (const [name, formats] of Object.entries(QUALITIES)) {
        hide(`${name}_quality`, (!formats.includes(format) || Boolean(text("ssim"))) && !text(`${name}_quality`));
    }
    hide("background", !["jpeg", "original"].includes(format) && ["ffffff", "#ffffff", "white"].includes(text("background").toLowerCase()));
}

function hide(name, hidden) {
    const place = row(name);
    if (place) {
        place.hidden = hidden && !place.querySelector(".errorlist, .live-error");
    }
}

function summarize() {
    const said = {
        "Filters": text("filters").replaceAll("\n", "").split(/\)\s*:?/).map((call) => call.split("(")[0].trim()).filter(Boolean).join(", ") || "none",
        "Sharp screens and widths": [...listed("dprs", "x"), ...listed("widths", "w")].join(", ") || "not offered",
        "Missing originals": text("fallback") || "answer 404",
        "How long it is kept": `browsers ${age(text("max_age"))} · CDN ${age(text("shared_max_age"))}`,
        "Label and notes": text("label") || text("notes").slice(0, 40) || "none",
        "Measured quality": text("ssim") ? `SSIM ${text("ssim")}` : "not asked for",
        "Rules for its pictures": [
            text("most_kilobytes") && `at most ${text("most_kilobytes")} kB`,
            text("most_enlarged") && text("enlarging_rule") !== "off" && `enlarged ${text("most_enlarged")}×`,
            ["faces_rule", "transparency_rule", "motion_rule", "enlarging_rule", "bytes_rule"].some((name) => text(name) === "must") && "some a must",
        ].filter(Boolean).join(" · ") || "none that stops",
    };
    for (const fold of form.querySelectorAll("[data-fold]")) {
        fold.querySelector("summary span").textContent = said[fold.dataset.fold] ?? "";
    }
}

// What URLs may ask for, such as @2x or @640w.
function listed(name, unit) {
    return text(name).split(/[,\s]+/).filter(Boolean).map((word) => `@${word.replace(/^@/, "").replace(/[xw]$/, "")}${unit}`);
}

function age(seconds) {
    const number = Number(seconds);
    if (!number) {
        return seconds === "" ? "?" : "not at all";
    }
    const [unit, length] = [["year", YEAR], ["day", 86400], ["hour", 3600], ["minute", 60], ["s", 1]].find(([, size]) => number % size === 0 && number >= size && (size !== 60 || number > 60));
    const count = number / length;
    return unit === "s" ? `${count} s` : count === 1 ? `${unit === "hour" ? "an" : "a"} ${unit}` : `${count} ${unit}s`;
}

function edited() {
    return !dispatchEvent(new CustomEvent("beforeunload", { cancelable: true }));
}
