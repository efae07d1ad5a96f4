/** The colours of what is not data; a page sets its own by the class of each. */
export interface Theme {
  readonly ground: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly accent: string;
}

export const THEMES = {
  light: {
    ground: "#ffffff",
    text: "#18181b",
    muted: "#52525b",
    line: "#d4d4d8",
    accent: "#2166ac",
  },
  dark: {
    ground: "#18181b",
    text: "#f4f4f5",
    muted: "#a1a1aa",
    line: "#3f3f46",
    accent: "#92c5de",
  },
} satisfies Record<string, Theme>;

export type ThemeName = keyof typeof THEMES;

/** Of a page, of Noto in PNG, else of the machine. */
export const FONTS = "Inter, 'Noto Sans', system-ui, sans-serif";
