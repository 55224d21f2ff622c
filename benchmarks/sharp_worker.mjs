// sharp, driven by benchmarks/render.py: a line of JSON in, one out. It has its defaults, as in AWS's image handler,
// except that pictures are rotated by their EXIF orientation and animations stay animated. One thread.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const sharp = createRequire(join(process.env.SHARP, "package.json"))("sharp");
sharp.concurrency(1);
sharp.cache(false);

const reply = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
const peak = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);

function render(content, { width, height, inside, format, quality, grey, animated }) {
  let image = sharp(content, { animated, limitInputPixels: false }).autoOrient();
  if (width) {
    const size = { width, height: height || undefined };
    image = image.resize({ ...size, fit: inside || !height ? "inside" : "cover", withoutEnlargement: true });
  }
  if (grey) image = image.grayscale();
  return image.toFormat(format, quality ? { quality } : {}).toBuffer();
}

const { sharp: own, vips, aom } = sharp.versions;
reply({ versions: `sharp ${own} (libvips ${vips}, aom ${aom}), node ${process.versions.node}`, peak: peak() });
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  const content = readFileSync(asked.file);
  const before = peak();
  const started = process.cpuUsage();
  let made;
  for (let time = 0; time < asked.times; time++) made = await render(content, asked.operation);
  const spent = process.cpuUsage(started);
  if (asked.save) writeFileSync(asked.save, made);
  reply({ cpu: (spent.user + spent.system) / 1000 / asked.times, bytes: made.length, peak: peak(), before });
}
