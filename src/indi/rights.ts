/** What a request may need of its sender: to be one who changes things at all, or one who administers the machine. */
export type Right = "change" | "admin";

/** The rights somebody does not have, each with the reason and, where there is one, the remedy. */
export type Denied = Readonly<Partial<Record<Right, string>>>;
