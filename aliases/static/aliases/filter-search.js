// Filters by their name, another spelling of it, or what they are for.

const words = (text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const vocabulary = ({ name, title, hint, also, help, group }) => words([name, title, hint, also, help, group].join(" "));

// Those of which, for each word asked for, a word begins with it.
export function matching(filters, asked) {
    return filters.filter((one) => words(asked).every((word) => vocabulary(one).some((other) => other.startsWith(word))));
}

// The two whose names and uses look most like what was asked for.
export function nearest(filters, asked) {
    const closeness = ({ name, title, also }) => Math.max(...words(`${name} ${title} ${also}`).map((word) => alike(word, asked.toLowerCase())));
    return [...filters].map((one) => [closeness(one), one]).sort(([a], [b]) => b - a).slice(0, 2).map(([, one]) => one);
}

// From 0 to 1, by the pairs of letters that two words share.
function alike(one, other) {
    const pairs = (word) => new Set([...` ${word} `].slice(0, -1).map((_, at) => ` ${word} `.slice(at, at + 2)));
    const [a, b] = [pairs(one), pairs(other)];
    return (2 * [...a].filter((pair) => b.has(pair)).length) / (a.size + b.size);
}
