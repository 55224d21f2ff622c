// The tree of a bucket's folders. What is below a folder is asked for when it is opened.
import { element, sign } from "./elements.js";

const MOST_BELOW = 200; // of one folder, besides those that are opened: the list beside the tree has all

export class Folders {
    // `load(folder, more)` asks for a page of a folder; `open(folder)` shows it.
    constructor({ name, root, load, open }) {
        Object.assign(this, { name, root, load, open });
        this.top = this.item(root, "All");
        this.element = element("nav.tree", { "aria-label": "Folders" }, element("p.small", {}, name),
            element("ul", { role: "tree", "aria-label": `Folders in ${name}`, keydown: (event) => this.key(event) }, this.top));
        this.top.setAttribute("tabindex", "0");
    }

    item(folder, name) {
        const below = element("ul", { role: "group", hidden: true });
        const item = element("li", { role: "treeitem", tabindex: "-1", "aria-selected": "false", "data-folder": folder, "aria-label": name });
        const line = element("span.line", { click: (event) => { event.stopPropagation(); this.focus(item); this.open(folder); } }, sign(folder === this.root ? "db" : "folder"), name);
        item.append(line, below);
        return item;
    }

    find(folder) {
        return [...this.element.querySelectorAll("[role=treeitem]")].find((item) => item.dataset.folder === folder);
    }

    // The item of a folder, with those that lead to it.
    reach(folder) {
        if (folder === this.root || !folder.startsWith(this.root)) {
            return this.top;
        }
        const found = this.find(folder);
        if (found) {
            return found;
        }
        const above = folder.slice(0, folder.lastIndexOf("/", folder.length - 2) + 1);
        const item = this.item(folder, folder.slice(above.length));
        this.put(this.reach(above), item);
        return item;
    }

    put(above, item) {
        const group = above.lastElementChild;
        const later = [...group.children].find((other) => other.dataset.folder > item.dataset.folder);
        group.insertBefore(item, later ?? null);
        this.expand(above, true);
    }

    expand(item, open) {
        const group = item.lastElementChild;
        if (group.children.length) {
            group.hidden = !open;
            item.setAttribute("aria-expanded", String(open));
        }
    }

    // What was listed of a folder.
    take(folder, folders) {
        const above = this.reach(folder);
        const known = new Set([...above.lastElementChild.children].map((item) => item.dataset.folder));
        for (const one of folders) {
            if (!known.has(one) && above.lastElementChild.children.length < MOST_BELOW) {
                this.put(above, this.item(one, one.slice(folder.length)));
            }
        }
        this.expand(above, true);
    }

    mark(folder) {
        const item = this.reach(folder);
        for (const other of this.element.querySelectorAll("[role=treeitem]")) {
            other.setAttribute("aria-selected", String(other === item));
        }
        this.focusable(item);
    }

    focusable(item) {
        for (const other of this.element.querySelectorAll("[role=treeitem]")) {
            other.setAttribute("tabindex", other === item ? "0" : "-1");
        }
    }

    focus(item) {
        if (item) {
            this.focusable(item);
            item.focus();
        }
    }

    visible() {
        return [...this.element.querySelectorAll("[role=treeitem]")].filter((item) => !item.parentElement.closest("[role=group][hidden]"));
    }

    async key(event) {
        const item = event.target.closest("[role=treeitem]");
        const items = this.visible();
        const here = items.indexOf(item);
        const open = item?.getAttribute("aria-expanded") === "true";
        const moves = { ArrowDown: items[here + 1], ArrowUp: items[here - 1], Home: items[0], End: items.at(-1) };
        if (!item || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        if (event.key in moves) {
            this.focus(moves[event.key]);
        } else if (event.key === "Enter" || event.key === " ") {
            this.open(item.dataset.folder);
        } else if (event.key === "ArrowLeft") {
            if (open) {
                this.expand(item, false);
            } else {
                this.focus(item.parentElement.closest("[role=treeitem]"));
            }
        } else if (event.key === "ArrowRight") {
            event.preventDefault();
            if (open) {
                this.focus(items[here + 1]);
            } else {
                await this.unfold(item);
            }
            return;
        } else {
            return;
        }
        event.preventDefault();
    }

    async unfold(item) {
        if (!item.asked) {
            item.asked = true;
            try {
                this.take(item.dataset.folder, (await this.load(item.dataset.folder)).folders);
            } catch {
                item.asked = false;
                return; // opening it says why
            }
        }
        this.expand(item, true);
    }
}
