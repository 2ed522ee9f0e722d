/** A text that a person typed, without the control characters that a database refuses or a label cannot print. */
export const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
