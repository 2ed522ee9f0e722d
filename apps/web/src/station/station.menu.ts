/** Everything that the app does beside the tabs, in the order of a keeper's day; a page is shown to those who may use it, and only when it exists. */
import { may, session } from '../shared/session/session.js';
import type { IconName } from '../shared/ui/icons.js';

export interface MenuEntry {
  /** Name of the route; its words are `tab.<name>`. */
  readonly name: string;
  readonly icon: IconName;
}
interface MenuGroup {
  readonly title: 'parcels' | 'travel' | 'day' | 'phone';
  readonly entries: readonly (MenuEntry & { readonly shown: boolean })[];
}

const atStation = (): boolean => session.me?.stations.length !== 0;

/** The menu of whoever is signed in. */
export function stationMenu(): MenuGroup[] {
  const works = may('station:work');
  return [
    {
      title: 'parcels',
      entries: [
        { name: 'parcel', icon: 'search', shown: may('parcel:read') },
        { name: 'shelf', icon: 'parcel', shown: works && atStation() },
        { name: 'overdue', icon: 'clock', shown: works && atStation() },
        { name: 'stocktake', icon: 'list', shown: works && atStation() },
        { name: 'notices', icon: 'bell', shown: works && atStation() },
      ],
    },
    {
      title: 'travel',
      entries: [
        { name: 'send', icon: 'send', shown: works && atStation() },
        { name: 'transport', icon: 'truck', shown: works },
        { name: 'certificate', icon: 'leaf', shown: may('produce:read') },
      ],
    },
    {
      title: 'day',
      entries: [
        { name: 'open-day', icon: 'pin', shown: may('scan:write') && atStation() },
        { name: 'day', icon: 'check', shown: works && atStation() },
        { name: 'fees', icon: 'coin', shown: works && atStation() },
        { name: 'complaints', icon: 'warning', shown: may('complaint:write') },
        { name: 'accounts', icon: 'book', shown: may('income:enter') },
      ],
    },
    {
      title: 'phone',
      entries: [
        { name: 'queue', icon: 'phone', shown: true },
        { name: 'hand-over', icon: 'down_tray', shown: true },
        { name: 'me', icon: 'person', shown: true },
      ],
    },
  ];
}
