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
  /** In pixels and in order, with the alias's own, which needs no @; empty if URLs may request none. */
  widths: number[];
  format: string;
  offers: string[];
}

export interface ImageAttributes {
  src: string;
  srcset?: string;
  sizes?: string;
  width?: number;
  height?: number;
}

export function quote(key: string): string;
export function url(base: string, alias: string, key: string, options?: { ratio?: number; width?: number }): string;
export function srcset(
  base: string,
  alias: string,
  key: string,
  options?: { ratios?: number[]; widths?: number[]; own?: number | null },
): string;
export function attributes(base: string, alias: string, key: string, list?: AliasList, options?: { sizes?: string }): ImageAttributes;
export function sign(base: string, path: string, key: string): Promise<string>;
