/** What a reader of a file takes a variable for: its value (undefined: it is not set), or why that cannot be told. */
export type Reading = { readonly value: string | undefined } | { readonly line: number; readonly problem: string };

/** The last value of a variable in a file of assignments, by the rules of one of its readers. */
export type Reader = (text: string, name: string) => Reading;
