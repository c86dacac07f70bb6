/** The text of a sheet that comes with its page (build.ts). */
declare module '*.sheet.css' {
  const sheet: string;
  export default sheet;
}
