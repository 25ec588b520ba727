/** The one page for every unit. */
export const entries = () => [{ id: '-' }];
