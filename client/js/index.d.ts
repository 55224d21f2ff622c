/** What the service's list of aliases, /-/aliases.json, says. */
export interface AliasList {
  serial: number;
  aliases: Record<string, Alias>;
}

export interface Alias {
  revision: number;
  /** In pixels, at ratio 1; null where it follows from the original. */
  width: number | null;
  height: number | null;
  fit: "cover" | "contain" | "outside" | "stretch";
  /** Whether every picture has just that width and height. */
  exact: boolean;
  ratios: number[];
  format: string;
  offers: string[];
}

export interface ImageAttributes {
  src: string;
  srcset?: string;
  width?: number;
  height?: number;
}

export function quote(key: string): string;
export function url(base: string, alias: string, key: string, options?: { ratio?: number }): string;
export function srcset(base: string, alias: string, key: string, ratios?: number[]): string;
export function attributes(base: string, alias: string, key: string, list?: AliasList): ImageAttributes;
export function sign(base: string, path: string, key: string): Promise<string>;
