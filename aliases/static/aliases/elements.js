// Makes elements: element("button.btn.tiny", { type: "button", "aria-label": "Close" }, "text", otherElement).
// Properties that are functions listen to the event of their name; null and false leave an attribute out.
export function element(name, properties = {}, ...children) {
    const [tag, ...classes] = name.split(".");
    const made = document.createElement(tag);
    made.className = classes.join(" ");
    for (const [property, value] of Object.entries(properties)) {
        if (typeof value === "function") {
            made.addEventListener(property, value);
        } else if (value !== null && value !== undefined && value !== false) {
            made.setAttribute(property, value === true ? "" : value);
        }
    }
    made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
}

// One of the signs in “admin/icons.html”, for the eyes alone.
export function sign(name, classes = "") {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("class", `i ${classes}`.trim());
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(space, "use");
    use.setAttribute("href", `#i-${name}`);
    svg.append(use);
    return svg;
}

// A button with a sign and words.
export function button(kind, name, words, press) {
    return element(`button.${kind.replaceAll(" ", ".")}`, { type: "button", click: press }, name ? sign(name) : null, words);
}
