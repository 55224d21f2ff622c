// Drawing on the original in the preview sets the focal box, in parts of its sides. The field takes the same by keyboard.
const stage = document.getElementById("focal-stage");
const field = document.getElementById("id_focal_box");
if (stage && field) {
    start(stage, field, document.getElementById("preview-original"), document.getElementById("focal-box"));
}

function start(stage, field, image, box) {
    let from = null;

    stage.addEventListener("pointerdown", (event) => {
        if (!image.hidden) {
            from = part(event);
            stage.setPointerCapture(event.pointerId);
        }
    });
    stage.addEventListener("pointermove", (event) => {
        if (from) {
            mark(sorted(from, part(event)));
        }
    });
    stage.addEventListener("pointerup", (event) => {
        if (!from) {
            return;
        }
        const drawn = sorted(from, part(event));
        from = null;
        if (drawn.right - drawn.left < 0.02 || drawn.bottom - drawn.top < 0.02) {
            shown(); // a click, not a box
            return;
        }
        const write = (number) => number.toFixed(2);
        field.value = `${write(drawn.left)}x${write(drawn.top)}:${write(drawn.right)}x${write(drawn.bottom)}`;
        const rule = document.querySelector('input[name="crop"][value="focal"]');
        if (rule) {
            rule.checked = true;
        }
        field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    field.addEventListener("input", shown);
    image.addEventListener("load", shown);

    function part(event) {
        const frame = image.getBoundingClientRect();
        const within = (value) => Math.min(1, Math.max(0, value));
        return { x: within((event.clientX - frame.left) / frame.width), y: within((event.clientY - frame.top) / frame.height) };
    }

    function sorted(a, b) {
        return { left: Math.min(a.x, b.x), top: Math.min(a.y, b.y), right: Math.max(a.x, b.x), bottom: Math.max(a.y, b.y) };
    }

    function shown() {
        const found = /^([\d.]+)x([\d.]+):([\d.]+)x([\d.]+)$/.exec(field.value.trim());
        const parts = found && field.value.includes(".");
        box.hidden = !parts;
        if (parts) {
            const [left, top, right, bottom] = found.slice(1).map(Number);
            mark({ left, top, right, bottom });
        }
    }

    function mark({ left, top, right, bottom }) {
        box.hidden = image.hidden;
        const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = image;
        box.style.left = `${offsetLeft + left * offsetWidth}px`;
        box.style.top = `${offsetTop + top * offsetHeight}px`;
        box.style.width = `${(right - left) * offsetWidth}px`;
        box.style.height = `${(bottom - top) * offsetHeight}px`;
    }
}
