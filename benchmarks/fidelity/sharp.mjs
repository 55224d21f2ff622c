// sharp's derivatives: `node sharp.mjs KINDS.json FOLDER`. Writes a file for each kind and format, or the error message.
// sharp has its defaults except for what every image server sets: pictures are rotated by their EXIF orientation,
// animations stay animated where sharp can write them, and transparency becomes white in a JPEG.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const sharp = createRequire(join(process.env.SHARP, "package.json"))("sharp");
const [kinds, folder] = process.argv.slice(2);

for (const kind of JSON.parse(readFileSync(kinds, "utf8"))) {
  const slug = kind.slug;
  for (const format of kind.formats) {
    const made = join(folder, `${slug}.${format}`);
    try {
      let image = sharp(kind.original, { animated: ["webp", "gif"].includes(format) }).autoOrient();
      image = image.resize({ width: kind.box, height: kind.box, fit: "inside", withoutEnlargement: true });
      if (format === "jpeg") image = image.flatten({ background: "white" });
      await image.toFormat(format).toFile(made);
    } catch (error) {
      writeFileSync(`${made}.error`, String(error.message));
    }
  }
}
const { sharp: own, vips, mozjpeg, webp, aom, heif, lcms } = sharp.versions;
process.stdout.write(
  `sharp ${own}, libvips ${vips} (mozjpeg ${mozjpeg}, libwebp ${webp}, libheif ${heif} with aom ${aom}, lcms ${lcms})`,
);
