/** Stands for node-emoji in the bundle: `:name:` stays as it is written. */
export function get() {}
