import { useSignal } from '@preact/signals';
import { useConsole } from '../state/console.ts';
import { type ThemeChoice, themeChoices } from '../state/theme.ts';
import { Icon } from './icon.tsx';
import { Menu, MenuItem } from './menu.tsx';

const words: Readonly<Record<ThemeChoice, string>> = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
  contrast: 'High contrast',
};

export function ThemeMenu() {
  const { theming, announcer } = useConsole();
  const open = useSignal(false);
  return (
    <Menu label="Theme" open={open} button={<Icon name="theme" />}>
      {themeChoices.map((choice) => (
        <MenuItem
          key={choice}
          checked={theming.choice.value === choice}
          onChoose={() => {
            theming.choose(choice);
            announcer.say(`Theme: ${words[choice]}`);
          }}
        >
          {words[choice]}
        </MenuItem>
      ))}
    </Menu>
  );
}
