/** What an entry is called in a list: the number by which a keeper knows it. Pure. */
import type { OutboxItem } from './outbox.state.js';

/** The waybill, bag or manifest number, or day that an entry is about; empty when it is sealed. */
export function summaryOf(item: OutboxItem): string {
  if (!item.body) return '';
  switch (item.path) {
    case 'scans':
      return item.body.waybill ?? '';
    case 'recipients':
    case 'consignments':
      return item.body.waybill;
    case 'proofs':
      return item.body.waybills.join(', ');
    case 'bags':
    case 'manifests':
    case 'handovers':
      return item.body.code;
    case 'stocktakes':
      return item.body.startedAt.slice(0, 10);
    case 'closings':
      return item.body.day;
  }
}
