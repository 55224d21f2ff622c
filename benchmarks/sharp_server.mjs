// sharp in a bare Node server: PROCESSES processes, results kept in a folder, nothing else.
// GET /NAME returns that original of ORIGINALS as a WebP that covers 256 x 256. sharp has its defaults.
import cluster from "node:cluster";
import { createServer } from "node:http";
import { readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";

const { SHARP, ORIGINALS, RESULTS, PORT, PROCESSES } = process.env;
if (cluster.isPrimary) {
  for (let number = 0; number < Number(PROCESSES); number++) cluster.fork();
} else {
  const sharp = createRequire(join(SHARP, "package.json"))("sharp");
  const made = async (name) => {
    const kept = join(RESULTS, `${name}.webp`);
    try {
      return await readFile(kept);
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
    const picture = sharp(join(ORIGINALS, name)).autoOrient().resize(256, 256, { fit: "cover" });
    const content = await picture.webp({ quality: 80 }).toBuffer();
    const unfinished = `${kept}.${process.pid}`;
    await writeFile(unfinished, content);
    await rename(unfinished, kept);
    return content;
  };
  const server = createServer(async (request, response) => {
    try {
      const content = await made(basename(new URL(request.url, "http://127.0.0.1").pathname));
      response.writeHead(200, { "Content-Type": "image/webp", "Content-Length": content.length });
      response.end(content);
    } catch (error) {
      response.writeHead(500, { "Content-Type": "text/plain" });
      response.end(String(error.message));
    }
  });
  server.listen(Number(PORT), "127.0.0.1");
}
