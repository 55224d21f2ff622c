// Native inputs beside a field. The field alone is sent, and each follows the other.
import { element } from "./elements.js";

// A slider beside a number, at `usual` while the number is empty.
export function addRange(field, label, { low = 1, high = 100, step = 1, usual = low } = {}) {
    const range = element("input", { type: "range", min: low, max: high, step, "aria-label": `${label}, by a slider` });
    place(field, range, "div.with-native", () => range.value, () => {
        range.value = Number(field.value) || (field.value === "" ? usual : 0);
    });
}

// A picker of colours beside their name or digits.
export function addColour(field, label) {
    const colour = element("input", { type: "color", "aria-label": `${label}, by a colour picker` });
    place(field, colour, "div.with-native.colour", () => colour.value.slice(1), () => {
        const text = field.value.trim();
        const digits = /^#?([0-9a-f]{6})$/i.exec(text)?.[1] ?? /^#?([0-9a-f]{3})$/i.exec(text)?.[1].replace(/./g, "$&$&");
        colour.value = digits ? `#${digits}` : { white: "#ffffff", black: "#000000" }[text] ?? colour.value;
    });
}

function place(field, native, pair, value, follow) {
    native.addEventListener("input", () => {
        field.value = value();
        field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    field.addEventListener("input", follow);
    follow();
    const made = element(pair);
    field.before(made);
    made.append(native, field);
}
