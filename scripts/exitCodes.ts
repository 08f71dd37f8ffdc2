/** How a command ends; docs/files.md says what each means. */
export const EXIT = { ok: 0, failed: 1, wrongInput: 2, differences: 3, unread: 141 } as const;
