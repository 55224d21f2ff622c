// The inputs of a filter's arguments, as the filter declares them: sliders, colours, choices, ticks, pictures, text.
import { element } from "./elements.js";
import { argument } from "./filter-text.js";
import { addColour, addRange } from "./native.js";
import { offerOverlay } from "./picker.js";

const KINDS = { flag, choice, number, colour, picture, text };

// One line for an argument. `declared` is its declaration, `value` its text; `changed` gets the new text.
export function inputOf(declared, value, changed, id) {
    const line = element("div.argument");
    KINDS[declared.kind](line, declared, value, (written) => changed(argument(written.trim())), id);
    return line;
}

function labelled(line, declared, field, id) {
    field.id = id;
    line.append(element("label", { for: id }, declared.label), field);
    if (declared.help) {
        field.setAttribute("aria-describedby", `${id}-help`);
        line.append(element("p.help", { id: `${id}-help` }, `${declared.help[0].toUpperCase()}${declared.help.slice(1)}.`));
    }
}

function flag(line, declared, value, changed, id) {
    const tick = element("input", { type: "checkbox", id, change: () => changed(String(tick.checked)) });
    tick.checked = ["true", "True", "1"].includes(value || declared.usual);
    line.append(element("label.tick", {}, tick, declared.label));
}

function choice(line, declared, value, changed, id) {
    const now = (value || declared.usual || "").toLowerCase();
    const choices = declared.choices.includes(now) ? declared.choices : [now, ...declared.choices];
    const field = element("select", { change: () => changed(field.value) },
        ...choices.map((one) => element("option", { value: one, selected: one === now }, `${one}${declared.unit ?? ""}`)));
    labelled(line, declared, field, id);
}

function number(line, declared, value, changed, id) {
    const field = text(line, declared, value, changed, id);
    field.setAttribute("inputmode", declared.low < 0 ? "text" : "decimal"); // the number pads of phones have no minus
    if (declared.range) {
        addRange(field, declared.label, { ...declared, usual: declared.usual ?? declared.low });
    }
}

function colour(line, declared, value, changed, id) {
    const field = element("input", { type: "text", autocomplete: "off", spellcheck: "false", value, placeholder: declared.usual, list: declared.words.length ? `${id}-words` : null, input: () => changed(field.value) });
    labelled(line, declared, field, id);
    line.append(declared.words.length ? element("datalist", { id: `${id}-words` }, ...declared.words.map((word) => element("option", { value: word }))) : "");
    addColour(field, declared.label);
}

function text(line, declared, value, changed, id) {
    const field = element("input", { type: "text", autocomplete: "off", spellcheck: "false", value, placeholder: declared.usual, input: () => changed(field.value) });
    labelled(line, declared, field, id);
    return field;
}

function picture(line, declared, value, changed, id) {
    offerOverlay(text(line, declared, value, changed, id));
}
