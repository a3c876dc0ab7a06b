import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import { ownProperties } from "./tools/toolchain/lint/own-properties.mjs";

/**
 * The rules that need types: zeros taken for absence, forgotten cases and forgotten promises are the bugs of this domain.
 * Layout is biome's. See docs/decisions for why there are two tools.
 */
export default defineConfig(
  globalIgnores(["**/dist/", "**/.dist-*/", "docs/", "**/*.cjs", "**/fixtures/"]),
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/strict-boolean-expressions": [
        "error",
        { allowString: false, allowNumber: false, allowNullableObject: true, allowNullableBoolean: true },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true, reportUsedIgnorePattern: true },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
    },
  },
  {
    // What jest matches with, expect.any() and the like, has no type.
    files: ["test/**/*.test.ts"],
    rules: { "@typescript-eslint/no-unsafe-assignment": "off" },
  },
  {
    files: ["provider/**/*.ts"],
    plugins: { house: { rules: { "own-properties": ownProperties } } },
    rules: { "house/own-properties": "error" },
  },
  {
    // Pulumi asks for promises; many of these answers are known at once.
    files: ["provider/engine/lifecycle.ts"],
    rules: { "@typescript-eslint/require-await": "off" },
  },
);
