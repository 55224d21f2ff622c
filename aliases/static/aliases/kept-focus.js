// Redraws a part of a page. Where the focus stood on what is gone or hidden by then, it goes to `near`, so that Tab leads on from
// there and not from the top of the page.
export function redraw(part, near, change) {
    const held = part.contains(document.activeElement);
    change();
    const now = document.activeElement;
    if (held && !(part.contains(now) && now.checkVisibility())) {
        if (near.tabIndex < 0) {
            near.setAttribute("tabindex", "-1");
        }
        near.focus();
    }
}
