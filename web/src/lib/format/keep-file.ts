/** Hands a file to the browser to keep. */
export function keepFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after the click; a task later it has begun to.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
