// sharp's derivatives: `node sharp.mjs KINDS.json FOLDER`. A file for each kind and format, or the error that refuses it.
// All is at sharp's defaults but for three things that whoever serves pictures asks for: the way up that the camera
// noted, films as films where sharp can write one, and white under a transparent picture that becomes a JPEG.
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
