// One tab stop for many elements that lie in rows, such as pictures: arrow keys, Home and End move among those that are shown.

// The one that a key leads to from `item`; undefined for other keys.
export function reached(items, item, key) {
    const here = items.indexOf(item);
    const width = Math.max(1, items.filter((one) => one.offsetTop === items[0].offsetTop).length);
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, ArrowUp: here - width, ArrowDown: here + width, Home: 0, End: items.length - 1 }[key];
    return here < 0 || to === undefined ? undefined : items[Math.max(0, Math.min(items.length - 1, to))];
}

// Make `item` the one that Tab reaches.
export function makeStop(items, item) {
    for (const one of items) {
        one.setAttribute("tabindex", one === item ? "0" : "-1");
    }
}
