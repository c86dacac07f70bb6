export const waitsExample = {};
