// A box on a picture. After “Set focus”, dragging on the picture draws it, dragging the box moves it, and Escape undoes
// that. Before, dragging or swiping scrolls the page as usual. The corners always resize the box. On the keyboard, arrow
// keys move it and, with Shift, resize it. A field has the same box, in fractions of the picture's sides.
// data-focal-field is the field's id. data-focal-rule is the radio button that makes the field count: drawing ticks it.
const LEAST = 0.02; // a smaller box is an accidental drag
const STEP = 0.01;
const MIDDLE = { left: 0.25, top: 0.25, right: 0.75, bottom: 0.75 };
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

for (const picture of document.querySelectorAll("[data-focal-field]")) {
    const field = document.getElementById(picture.dataset.focalField);
    if (field) {
        start(picture, field, document.querySelector(picture.dataset.focalRule));
    }
}

function start(picture, field, rule) {
    const image = picture.querySelector("img");
    const box = picture.querySelector(".focal-box");
    const tools = picture.closest("figure, section").querySelector(".focal-tools");
    const button = tools.querySelector("button");
    const hint = tools.querySelector("span");
    let drag = null; // from the pointer's position to the box
    let before = null; // while a focus is being set: what Escape restores

    tools.hidden = false;
    button.addEventListener("click", (event) => {
        if (before) {
            end();
            return;
        }
        before = { text: field.value, rule: document.querySelector(`[name="${rule?.name}"]:checked`) };
        show();
        if (event.detail === 0 && document.activeElement === button) { // pressed by keyboard: a box to move
            if (box.hidden) {
                write(MIDDLE);
            }
            box.focus();
        }
    });
    document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && before) {
            event.preventDefault(); // a dialog around it would close
            drag = null;
            if (field.value !== before.text || !(before.rule?.checked ?? true)) {
                field.value = before.text;
                if (before.rule) {
                    before.rule.checked = true;
                }
                field.dispatchEvent(new Event("input", { bubbles: true }));
            }
            end();
            button.focus();
        }
    });
    picture.addEventListener("pointerdown", (event) => {
        if (image.hidden || event.button || !event.isPrimary) {
            return;
        }
        const from = part(event);
        const held = box.hidden ? null : read();
        const { corner } = event.target.dataset;
        if (held && corner) {
            const anchor = opposite(held, corner);
            drag = (to) => sorted(anchor, to);
        } else if (!before) {
            return;
        } else if (held && event.target === box) {
            drag = (to) => moved(held, to.x - from.x, to.y - from.y);
        } else {
            drag = (to) => sorted(from, to);
        }
        picture.setPointerCapture(event.pointerId);
    });
    picture.addEventListener("pointermove", (event) => {
        if (drag && event.isPrimary) {
            mark(drag(part(event)));
        }
    });
    picture.addEventListener("pointerup", (event) => {
        if (drag && event.isPrimary) {
            const drawn = drag(part(event));
            drag = null;
            if (write(drawn)) {
                end();
            }
        }
    });
    picture.addEventListener("pointercancel", () => {
        drag = null;
        show();
    });
    box.addEventListener("keydown", (event) => {
        const held = read();
        if (event.key in ARROWS && held) {
            event.preventDefault(); // the page would scroll
            const [x, y] = ARROWS[event.key];
            write(event.shiftKey ? { ...held, right: within(held.right + x), bottom: within(held.bottom + y) } : moved(held, x, y));
        }
    });
    field.addEventListener("input", show);
    field.form.addEventListener("change", show);
    image.addEventListener("load", show);
    new MutationObserver(show).observe(image, { attributes: true, attributeFilter: ["hidden"] });
    show();

    function part(event) {
        const frame = image.getBoundingClientRect();
        return { x: within((event.clientX - frame.left) / frame.width), y: within((event.clientY - frame.top) / frame.height) };
    }

    function end() {
        before = null;
        show();
    }

    // The field's box, if it is in fractions of the sides.
    function read() {
        const found = /^([\d.]+)x([\d.]+):([\d.]+)x([\d.]+)$/.exec(field.value.trim());
        if (!found || !field.value.includes(".")) {
            return null;
        }
        const [left, top, right, bottom] = found.slice(1).map(Number);
        return { left, top, right, bottom };
    }

    // False if the box is too small to be intended.
    function write({ left, top, right, bottom }) {
        if (right - left < LEAST || bottom - top < LEAST) {
            show();
            return false;
        }
        const text = (number) => number.toFixed(3);
        field.value = `${text(left)}x${text(top)}:${text(right)}x${text(bottom)}`;
        if (rule) {
            rule.checked = true;
        }
        field.dispatchEvent(new Event("input", { bubbles: true }));
        return true;
    }

    function show() {
        button.disabled = image.hidden;
        button.setAttribute("aria-pressed", String(Boolean(before)));
        hint.hidden = !before;
        picture.classList.toggle("setting", Boolean(before));
        const said = rule && !rule.checked ? null : read();
        box.hidden = !said || image.hidden;
        if (said) {
            mark(said);
        }
    }

    function mark({ left, top, right, bottom }) {
        const percent = (number) => `${(100 * number).toFixed(1)}%`;
        box.hidden = image.hidden;
        box.style.left = percent(left);
        box.style.top = percent(top);
        box.style.width = percent(right - left);
        box.style.height = percent(bottom - top);
        const words = [left, right, top, bottom].map((number) => Math.round(100 * number));
        box.setAttribute("aria-label", `Focus, from ${words[0]} to ${words[1]} % of the width and ${words[2]} to ${words[3]} % of the height`);
    }
}

function within(number) {
    return Math.min(1, Math.max(0, number));
}

function sorted(a, b) {
    return { left: Math.min(a.x, b.x), top: Math.min(a.y, b.y), right: Math.max(a.x, b.x), bottom: Math.max(a.y, b.y) };
}

function opposite({ left, top, right, bottom }, corner) {
    return { x: corner.includes("left") ? right : left, y: corner.includes("top") ? bottom : top };
}

function moved({ left, top, right, bottom }, x, y) {
    x = Math.min(1 - right, Math.max(-left, x));
    y = Math.min(1 - bottom, Math.max(-top, y));
    return { left: left + x, top: top + y, right: right + x, bottom: bottom + y };
}
