// The comparison of two versions: loads their pictures two at a time, says what differs in figures, sorts the samples by
// how much they differ once all are there, and shows them side by side, under a slider, or as their difference. Then it
// asks for the badges of each sample, which take a render.
import "./copy.js";
import { get } from "./session.js";
import { chip } from "./sheet-tile.js";

const SIDE = 48; // pixels of the small copies by which pictures are compared
const SAME = 0.004; // a mean difference of all pixels, from 0 to 1, that nobody sees
const tiles = document.getElementById("tiles");
const ways = document.getElementById("ways");
const slider = document.getElementById("slider");
const waiting = [...tiles.querySelectorAll(".tile")];
const found = [];
const unjudged = [...waiting];
const versions = Object.fromEntries(["a", "b"].map((side) => [side, document.getElementById(side).value]));

document.getElementById("sides").addEventListener("change", ({ currentTarget }) => currentTarget.requestSubmit());
slider.addEventListener("input", () => tiles.style.setProperty("--x", `${slider.value}%`));
ways.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) {
        return;
    }
    for (const one of ways.children) {
        one.setAttribute("aria-pressed", String(one === button));
    }
    for (const picture of tiles.querySelectorAll(".cmp")) {
        picture.classList.remove("side", "split", "diff");
        picture.classList.add(button.dataset.way);
    }
    slider.parentElement.hidden = button.dataset.way !== "split";
});

async function work() {
    for (let tile = waiting.shift(); tile; tile = waiting.shift()) {
        found.push({ tile, ...(await compared(tile)) });
    }
}

async function compared(tile) {
    const facts = tile.querySelector(".facts");
    try {
        const both = await Promise.allSettled(["img.a", "img.b"].map((side) => fetched(tile.querySelector(side))));
        const lost = both.filter(({ reason }) => reason).map(({ reason }) => reason.message);
        if (lost.length) {
            throw new Error(lost.join("; "));
        }
        const [a, b] = both.map(({ value }) => value);
        const difference = await differenceOf(a.blob, b.blob);
        const change = Math.round((100 * (b.bytes - a.bytes)) / a.bytes);
        facts.textContent = `${kilobytes(a.bytes)} ${a.format} → ${kilobytes(b.bytes)} ${b.format}, ${change > 0 ? "+" : ""}${change} %`;
        if (difference < SAME) {
            const chip = document.createElement("span");
            chip.className = "chip";
            chip.textContent = "Looks the same";
            facts.append(chip);
        }
        return { difference, a: a.bytes, b: b.bytes };
    } catch (error) {
        facts.textContent = error.message;
        facts.classList.add("bad-ink");
        return { difference: 2 };
    } finally {
        tile.classList.remove("busy");
    }
}

async function fetched(image) {
    const response = await fetch(image.src);
    if (!response.ok) {
        const said = await response.json().catch(() => ({}));
        const picture = image.parentElement;
        image.remove();
        picture.classList.toggle("none", !picture.children.length);
        throw new Error(`${image.classList.contains("a") ? "A" : "B"}: ${said.message ?? "it cannot be shown"}`);
    }
    const blob = await response.blob();
    image.src = URL.createObjectURL(blob);
    return { blob, bytes: blob.size, format: blob.type.replace("image/", "").toUpperCase().replace("WEBP", "WebP") };
}

// The mean difference of two pictures, from 0 to 1; pictures of other proportions differ by that alone.
async function differenceOf(a, b) {
    const pixels = await Promise.all([a, b].map(pixelsOf));
    let sum = Math.abs(pixels[0].ratio - pixels[1].ratio) > 0.02 ? 0.2 : 0;
    pixels[0].data.forEach((value, place) => { sum += Math.abs(value - pixels[1].data[place]) / 255 / pixels[0].data.length; });
    return sum;
}

async function pixelsOf(blob) {
    const bitmap = await createImageBitmap(blob);
    const canvas = new OffscreenCanvas(SIDE, SIDE);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0, SIDE, SIDE);
    return { data: context.getImageData(0, 0, SIDE, SIDE).data, ratio: bitmap.width / bitmap.height };
}

function kilobytes(bytes) {
    return `${(bytes / 1000).toFixed(1)} kB`;
}

function finish() {
    found.sort((one, other) => other.difference - one.difference).forEach(({ tile }) => tiles.append(tile));
    const both = found.filter(({ a }) => a);
    const different = both.filter(({ difference }) => difference >= SAME).length;
    const lost = found.length - both.length;
    document.getElementById("verdict").textContent = [
        both.length && `${different} of ${both.length} samples look different.`,
        lost && `${lost} cannot be compared.`,
    ].filter(Boolean).join(" ");
    if (both.length) {
        const mean = (side) => kilobytes(both.reduce((sum, one) => sum + one[side], 0) / both.length);
        document.getElementById("weight").textContent = `${mean("a")} → ${mean("b")} on average`;
        document.querySelectorAll(".weight").forEach((one) => { one.hidden = false; });
    }
}

async function judge() {
    for (let tile = unjudged.shift(); tile; tile = unjudged.shift()) {
        const query = new URLSearchParams({ ...versions, key: tile.dataset.key });
        const response = await get(`${tiles.dataset.badgesUrl}?${query}`).catch(() => null);
        const { badges } = response?.ok ? await response.json() : { badges: [] };
        tile.querySelector(".badges").append(...badges.map(({ level, words }) => chip({ level, badge: words })));
    }
}

if (waiting.length) {
    await Promise.all([work(), work()]);
    finish();
    await Promise.all([judge(), judge()]);
}
