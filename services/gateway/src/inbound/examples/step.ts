export const stepExample = {};
