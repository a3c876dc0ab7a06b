/**
 * The links of a page that leaves the repository, made absolute: pages lead to the forge, pictures to their files. Links to headings
 * of the page itself, and what is in code, stay.
 * @param {string} page Markdown
 * @param {{ readonly repository: string, readonly ref: string }} at address of the repository, and the tag that the page belongs to
 */
export function absoluteLinks(page, { repository, ref }) {
  return page.replaceAll(
    /```[\s\S]*?^```|`[^`\n]*`|(!?)\[([^\]]*)\]\(([^)\s]+)\)/gm,
    (
      /** @type {string} */ whole,
      /** @type {string | undefined} */ picture,
      /** @type {string} */ text,
      /** @type {string | undefined} */ link,
    ) => {
      if (link === undefined || !isRelative(link)) return whole;
      return `${picture ?? ""}[${text}](${repository}/${picture === "!" ? "raw" : "blob"}/${ref}/${link})`;
    },
  );
}

/**
 * The links of a page that lead nowhere outside of the repository.
 * @param {string} page
 */
export function relativeLinks(page) {
  const prose = page.replaceAll(/```[\s\S]*?^```|`[^`\n]*`/gm, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter(isRelative);
}

/** @param {string} link */
const isRelative = (link) => !/^(?:[a-z]+:|#)/.test(link);
