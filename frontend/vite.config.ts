import { defineConfig } from "vite";

// One entry for each island, so that a page loads only its own. Paths are relative: the static folder may be anywhere.
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "../src/corredor/interfaces/web/static/islands",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: { map: "src/map.ts", enhance: "src/enhance.ts" },
    },
  },
  worker: { format: "es" },
});
