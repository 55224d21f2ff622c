// The text of filters, `blur(5):sepia()`, and what it says: a list of names, each with the texts of its arguments. The service
// reads the text with the same rules, and alone says what is wrong with an argument.

export class WrongText extends Error {
    constructor(message, at) {
        super(message);
        this.at = at; // where in the text, from 0
    }
}

// Read a text. `names` are those of all filters. Throws WrongText.
export function read(text, names) {
    const calls = [];
    let at = 0;
    while (at < text.trimEnd().length) {
        const found = /\s*([a-z_]+)\(/y;
        found.lastIndex = at;
        const [all, name] = found.exec(text) ?? [];
        if (!name) {
            throw new WrongText("A filter is written as name(arguments), with : between two", at);
        }
        if (!names.includes(name)) {
            throw new WrongText(`There is no filter called “${name}”`, at + all.length - name.length - 1);
        }
        const [texts, end] = readArguments(text, at + all.length);
        calls.push({ name, arguments: texts });
        at = end;
        if (at < text.trimEnd().length) {
            if (text[at] !== ":" || !text.slice(at + 1).trim()) {
                throw new WrongText(text[at] === ":" ? "Nothing follows the last :" : "Write : between two filters", at);
            }
            at += 1;
        }
    }
    return calls;
}

// The arguments that begin at `start`, after a bracket, and where they end. Brackets nest; what begins with a quote ends with one.
function readArguments(text, start) {
    const texts = [];
    let [begin, depth, quote] = [start, 0, ""];
    for (let at = start; at < text.length; at += 1) {
        const letter = text[at];
        if (quote) {
            quote = letter === quote ? "" : quote;
        } else if (`'"`.includes(letter) && !text.slice(begin, at).trim()) {
            quote = letter;
        } else if (letter === ")" && !depth) {
            const last = text.slice(begin, at).trim();
            return [texts.length || last ? [...texts, last] : [], at + 1];
        } else if (letter === "," && !depth) {
            texts.push(text.slice(begin, at).trim());
            begin = at + 1;
        } else {
            depth += "([".includes(letter) ? 1 : ")]".includes(letter) ? -1 : 0;
        }
    }
    throw new WrongText("A bracket is not closed", start - 1);
}

export function write(calls) {
    return calls.map(({ name, arguments: texts }) => `${name}(${texts.slice(0, texts.findLastIndex(Boolean) + 1).join(",")})`).join(":");
}

// What a call's arguments say, in words: “amount 0.8, radius 2”. One alone needs no name, a flag is named where it is set.
export function inWords(declared, texts) {
    const said = declared.map((argument, at) => ({ ...argument, text: texts[at] ?? "" })).filter(({ text }) => text);
    const name = ({ label }) => label.split(/[,;(:]/)[0].trim().toLowerCase();
    return said.map((one) => {
        if (one.kind === "flag") {
            return ["true", "True", "1"].includes(one.text) ? name(one) : "";
        }
        return declared.length === 1 ? one.text : `${name(one)} ${one.text}`;
    }).filter(Boolean).join(", ");
}

// The text of one argument, in quotes where it would otherwise be read as several or end too early.
export function argument(text) {
    try {
        if (read(`x(${text})`, ["x"])[0].arguments.length < 2) {
            return text;
        }
    } catch {
        // it needs quotes, too
    }
    return text.includes('"') ? `'${text}'` : `"${text}"`;
}
