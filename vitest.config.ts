import { defineConfig } from "vitest/config";

// dist/ holds built copies of everything: only sources are test files.
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "tests/**/*.test.ts", "bench/**/*.test.ts"],
    exclude: ["**/*.gpu.test.ts", "node_modules/**", "dist/**"],
    setupFiles: ["tests/property-seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
