// The shades of a brand's colour that are readable in light and in dark mode.

export function isColor(value: string): boolean {
  return /^#(?:[\da-f]{3}|[\da-f]{6})$/i.test(value);
}

/** The colours that a brand's colour replaces, by their names in style.css. */
interface Accents {
  readonly accent: string;
  readonly 'accent-hover': string;
  readonly 'on-accent': string;
  readonly 'accent-soft': string;
  readonly focus: string;
  readonly button: string;
  readonly 'button-hover': string;
  readonly 'on-button': string;
}

/** Red, green and blue as amounts of light, 0 to 1. */
type Light = readonly [number, number, number];

// Luminances (WCAG 2.2), each with a margin for rounding. Text needs a contrast of 4.5. The least
// favourable background of an accent is --hover: 0.85 in light mode, 0.028 in dark mode.
const LIGHT = {
  most: 0.145,
  grey: 0.03,
  soft: 0.86,
  black: 0.02,
  darker: 0.6,
  lighter: 0.12,
  /** A button this bright has dark text. */
  bright: 0.24,
};
const DARK = { least: 0.32, grey: 0.75, soft: 0.024, on: 0.012, lighter: 0.3 };

/**
 * A brand's colour, adjusted so that text and buttons in it are readable: darker in light mode, or
 * lighter in dark mode, only if necessary.
 */
export function accentsOf(color: string): { readonly light: Accents; readonly dark: Accents } {
  const own = lightOf(color);
  const has = luminance(own);
  // A grey that is just readable looks like a disabled button, so white becomes nearly black, and
  // black nearly white.
  const isGrey = Math.max(...own) - Math.min(...own) < 0.02;
  const inLight = has <= LIGHT.most ? own : withLuminance(own, isGrey ? LIGHT.grey : LIGHT.most);
  const inDark = has >= DARK.least ? own : withLuminance(own, isGrey ? DARK.grey : DARK.least);
  const accentHover = hex(
    // A change of a nearly black colour is visible only if it gets lighter.
    luminance(inLight) > LIGHT.black
      ? withLuminance(inLight, luminance(inLight) * LIGHT.darker)
      : mix(inLight, LIGHT.lighter),
  );
  // A bright colour stays as it is on buttons, with dark text. As text it would not be readable.
  const isBright = !isGrey && has >= LIGHT.bright;
  const onDark = hex(withLuminance(own, DARK.on));
  const hoverInDark = hex(mix(inDark, DARK.lighter));
  return {
    light: {
      accent: hex(inLight),
      'accent-hover': accentHover,
      'on-accent': '#ffffff',
      'accent-soft': hex(withWhite(inDark, LIGHT.soft)),
      focus: hex(inLight),
      button: hex(isBright ? own : inLight),
      'button-hover': isBright ? hoverInDark : accentHover,
      'on-button': isBright ? onDark : '#ffffff',
    },
    dark: {
      accent: hex(inDark),
      'accent-hover': hoverInDark,
      'on-accent': onDark,
      'accent-soft': hex(withLuminance(own, DARK.soft)),
      focus: hex(inDark),
      button: hex(inDark),
      'button-hover': hoverInDark,
      'on-button': onDark,
    },
  };
}

/** The CSS rules that replace our colour with the brand's. */
export function accentRules(color: string): string {
  const { light, dark } = accentsOf(color);
  const rules = (accents: Accents) =>
    Object.entries(accents)
      .map(([role, value]) => `--${role}:${value}`)
      .join(';');
  return `\n:root{${rules(light)}}@media (prefers-color-scheme:dark){:root{${rules(dark)}}}\n`;
}

function lightOf(color: string): Light {
  const digits = color.slice(1);
  const long = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const channel = (at: number) => {
    const value = Number.parseInt(long.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(0), channel(2), channel(4)];
}

function hex(light: Light): string {
  const digits = light.map((amount) => {
    const value = amount <= 0.0031308 ? amount * 12.92 : 1.055 * amount ** (1 / 2.4) - 0.055;
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${digits.join('')}`;
}

function luminance([red, green, blue]: Light): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The colour scaled to a luminance; white is mixed in if it cannot get brighter otherwise. */
function withLuminance(light: Light, wanted: number): Light {
  const brightest = Math.max(...light);
  // Black has no hue to keep.
  if (brightest === 0) return [wanted, wanted, wanted];
  const factor = Math.min(wanted / luminance(light), 1 / brightest);
  const scaled: Light = [light[0] * factor, light[1] * factor, light[2] * factor];
  const has = luminance(scaled);
  return has < wanted ? mix(scaled, (wanted - has) / (1 - has)) : scaled;
}

/** The colour mixed with white up to a luminance; if it is lighter already, it is scaled down. */
function withWhite(light: Light, wanted: number): Light {
  const has = luminance(light);
  return has < wanted ? mix(light, (wanted - has) / (1 - has)) : withLuminance(light, wanted);
}

/** @param share of white in the mixture */
function mix(light: Light, share: number): Light {
  const mixed = (amount: number) => amount + (1 - amount) * share;
  return [mixed(light[0]), mixed(light[1]), mixed(light[2])];
}
