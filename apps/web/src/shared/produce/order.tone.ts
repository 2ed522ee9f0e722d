/** How the state of an order is shown. */
import type { OrderState } from '#contracts';
import type { Tone } from '../ui/StateTag.vue';

export const ORDER_TONE: Readonly<Record<OrderState, Tone>> = {
  paid: 'warn',
  allocated: 'warn',
  packed: 'info',
  shipped: 'info',
  delivered: 'good',
  returned: 'bad',
  refunded: 'plain',
  cancelled: 'plain',
};
