/** The one page for every screen. */
export const entries = () => [{ screen: '-' }];
